"""A draft becomes one request, every change is an event, and a card follows each."""

from typing import Any

import pytest
from sqlmodel import select

from bot.db.unit_of_work import Database, Unit
from bot.jobs.tables import Job
from bot.requests import refs, store
from bot.requests.states import State
from bot.requests.store import NotChangeable, RequestNotFound, Submission
from bot.requests.tables import Request
from tests.db.fixtures import MovableClock

MARA, SVEN, INES = 1, 2, 3


def submission(draft: int = 7, **changes: object) -> Submission:
    """What a draft says."""
    values: dict[str, object] = {
        "draft": draft,
        "flow": "marketing_request",
        "flow_version": 3,
        "queue": "it_intake",
        "place": "#it-anfragen",
        "team": "role:it_triage",
        "title": "Webinare ohne Abtippen",
        "language": "de",
        "requester": MARA,
        "by": MARA,
        "department": "marketing",
        "confidential": False,
        "use_case": {"id": None, "requirement": "…"},
        "answers": {"wish": "Wir brauchen HubSpot"},
        "sections": {"de": [["Worum geht es?", [["Wunsch", "Wir brauchen HubSpot"]]]]},
    }
    return Submission(**{**values, **changes})  # type: ignore[arg-type]


async def submitted(database: Database, draft: int = 7, **changes: object) -> int:
    """The number of a request that was sent."""
    async with database.unit() as unit:
        request, _ = await store.submit(unit, submission(draft, **changes), "playground")
        await unit.commit()
    return request.number


async def kinds(unit: Unit, number: int) -> list[str]:
    """What happened to a request."""
    return [event.kind for event in await store.history(unit.session, number)]


async def test_a_draft_becomes_one_request_however_often_it_is_sent(database: Database) -> None:
    first = await submitted(database)
    async with database.unit() as unit:
        request, is_new = await store.submit(unit, submission(), "playground")
        assert (request.number, is_new) == (first, False)
        assert await kinds(unit, first) == ["submitted"]
        assert request.use_case["id"] == f"REQ-{first}"
        assert len((await unit.session.exec(select(Job))).all()) == 1


async def test_a_change_is_an_event_and_draws_the_card_anew(
    database: Database, clock: MovableClock
) -> None:
    number = await submitted(database)
    clock.move(60)
    async with database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        await store.change(unit, request, MARA, "playground", title="Neu")
        await unit.commit()
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        assert (request.title, request.changed_at) == ("Neu", clock.at)
        assert await kinds(unit, number) == ["submitted", "changed"]
        jobs = (await unit.session.exec(select(Job))).all()
        assert {(job.kind, job.key) for job in jobs} == {(store.SHOW_CARD, f"request:{number}")}


@pytest.mark.parametrize("write", [store.change, store.propose])
async def test_the_history_keeps_what_became_another_answer(database: Database, write: Any) -> None:
    """Before and after, in every language; what stayed as it was is not kept twice."""
    before = {
        "de": [["Worum geht es?", [["Wunsch", "HubSpot"], ["Ziel", "80 %"], ["Hilfe", "Ines"]]]],
        "en": [["What is it about?", [["Wish", "HubSpot"], ["Goal", "80 %"], ["Help", "Ines"]]]],
    }
    after = {
        "de": [["Worum geht es?", [["Wunsch", "HubSpot"], ["Ziel", "90 %"]]]],
        "en": [["What is it about?", [["Wish", "HubSpot"], ["Goal", "90 %"]]]],
    }
    case = {"people": {"person:3": "Ines"}}
    number = await submitted(database, sections=before, use_case=case)
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        new = {"sections": after, "confidential": True, "use_case": {"links": ["https://a.example"]}}
        await write(unit, request, MARA, "playground", **new)
        await unit.commit()
    async with database.unit() as unit:
        data = (await store.history(unit.session, number))[-1].data
    assert data["changes"]["de"] == [
        ["Ziel", "80 %", "90 %"],
        ["Hilfe", "Ines", "–"],
        ["Links dazu", "–", "https://a.example"],
        ["Vertraulich", "nein", "ja"],
    ]
    assert data["changes"]["en"][:2] == [["Goal", "80 %", "90 %"], ["Help", "Ines", "–"]]
    assert data["people"] == {"person:3": "Ines"}


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DELIVERED, State.WITHDRAWN])
async def test_what_somebody_accepted_is_not_changed_behind_their_back(
    database: Database, state: State
) -> None:
    number = await submitted(database)
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        request.state = state
        with pytest.raises(NotChangeable):
            await store.change(unit, request, MARA, "playground", title="Neu")


async def test_a_proposal_changes_nothing_but_the_history(database: Database) -> None:
    number = await submitted(database)
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        await store.propose(unit, request, MARA, "playground", title="Neu")
        await unit.commit()
    async with database.unit() as unit:
        assert (await store.find(unit.session, number)).title == "Webinare ohne Abtippen"
        assert (await store.history(unit.session, number))[-1].data == {"title": "Neu"}


async def test_one_joins_once_and_never_an_own_request(database: Database) -> None:
    number = await submitted(database)
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        assert [
            await store.join(unit, request, person, "playground") for person in (SVEN, SVEN, MARA, INES)
        ] == [
            True,
            False,
            False,
            True,
        ]
        assert await store.supporters(unit.session, number) == [SVEN, INES]
        assert await kinds(unit, number) == ["submitted", "joined", "joined"]


async def test_my_requests_are_those_that_i_wrote_or_joined(database: Database) -> None:
    mine = await submitted(database)
    for_me = await submitted(database, 8, by=INES)
    theirs = await submitted(database, 9, requester=SVEN, by=SVEN)
    await submitted(database, 10, requester=SVEN, by=SVEN)
    async with database.unit() as unit:
        await store.join(unit, await store.find(unit.session, theirs), MARA, "playground")
        await unit.commit()
    async with database.reading() as session:
        assert [row.number for row in await store.of_person(session, MARA)] == [theirs, for_me, mine]


@pytest.mark.parametrize(
    ("state", "days", "repeated"),
    [
        (State.SUBMITTED, 1_000, True),
        (State.DELIVERED, 364, True),
        (State.DELIVERED, 366, False),
        (State.DECLINED, 1, True),
        (State.WITHDRAWN, 1, False),
        (State.MERGED, 1, False),
    ],
)
async def test_what_may_be_the_same_is_open_or_ended_not_long_ago(
    database: Database, clock: MovableClock, state: State, days: int, repeated: bool
) -> None:
    number = await submitted(database)
    async with database.unit() as unit:
        request = await store.find(unit.session, number)
        request.state = state
        clock.move(days * 24 * 3600)
        recent = store.is_recent(request.state, request.changed_at, clock())
        assert (store.may_be_repeated(request) and recent) is repeated
        request.confidential = True
        assert not store.may_be_repeated(request)


async def test_two_changes_at_once_do_not_overwrite_each_other(database: Database) -> None:
    from sqlalchemy.orm.exc import StaleDataError  # noqa: PLC0415

    number = await submitted(database)
    async with database.reading() as session:
        stale = await session.get(Request, number)
    assert stale is not None
    async with database.unit() as unit:
        await store.change(unit, await store.find(unit.session, number), MARA, "", title="zuerst")
        await unit.commit()
    async with database.unit() as unit:
        late = await unit.session.merge(stale, load=False)
        late.title = "danach"
        with pytest.raises(StaleDataError):
            await unit.session.flush()


async def test_nobody_is_no_request(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(RequestNotFound):
            await store.find(session, 99)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[("REQ-42", 42), ("req 42", 42), (" 42 ", 42), ("REQ42", 42), ("-1", 1)],
        *[("", None), ("REQ-", None), ("4²", None), ("REQ-99999999999", None), ("DROP TABLE", None)],
    ],
)
def test_a_number_as_people_write_it(text: str, number: int | None) -> None:
    assert refs.number_of(text) == number
