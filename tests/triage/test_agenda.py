"""The agenda: what there is to talk about, in order, once a week, whoever is running; nobody is counted."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.app.queues import disputed_terms, queues_of
from bot.channels.slack.errors import NotThere
from bot.chat.events import Place
from bot.chat.ports import JobInfo
from bot.cli import app
from bot.db.unit_of_work import Database
from bot.glossary.lexicon import Lexicon
from bot.glossary.tables import LookUp
from bot.jobs.periodic import Schedule
from bot.people.places import bind
from bot.requests import store
from bot.triage.agenda import POST, gather
from bot.triage.agenda_cards import MOST, MOST_DISPUTED, Agenda, card
from bot.triage.queues import Weekly
from bot.triage.workflow import Action
from tests.db.fixtures import MovableClock
from tests.db.servers import apart
from tests.requests.test_store import submission
from tests.triage.team import FLOWS, Team, flows
from tests.world import CHANNEL, Posted, words

WEDNESDAY = dt.datetime(2027, 1, 6, 8, tzinfo=dt.UTC)
DAY = 24 * 3600
ZURICH = ZoneInfo("Europe/Zurich")


@pytest.fixture
def wednesday(clock: MovableClock) -> MovableClock:
    """A Wednesday morning without holidays around."""
    clock.at = WEDNESDAY
    return clock


async def agenda(team: Team, language: str = "de") -> str:
    """The agenda of IT's queue as it would be posted now."""
    queue = next(one for one in team.klartext._queues() if one.id == "it_intake")
    around = team.klartext._around()
    async with team.klartext.database.reading() as session:
        found = await gather(session, queue, around, team.klartext.database.clock(), language)
    return words(card(found, language))


def missing(*pairs: tuple[str, str]) -> dict[str, object]:
    """A use case that lacks interfaces."""
    links = [{"from": one, "to": other} for one, other in pairs]
    return {"landscape": {"interfaces": {"missing": links}}}


async def test_all_that_there_is_to_talk_about_in_its_order(team: Team, wednesday: MovableClock) -> None:
    late = await team.request(title="Alt")
    asked = await team.request(title="Gefragt")
    await team.does("ines", asked, Action.ASK, text="Welche?")
    wednesday.move(7 * DAY)
    done = await team.request(title="Webinare")
    await team.does("ines", done, Action.ACCEPT, next_step="x")
    given = {"effect": "Niemand tippt ab.", "kpi": "Reaktionszeit", "before": "3 Tage", "after": "24 h"}
    await team.does("ines", done, Action.DELIVER, **given)
    await team.request(title="Schwach", use_case={"readiness": {"score": 25}})
    await team.request(title="Stark", use_case={"readiness": {"score": 75}})
    agreed = await team.request(title="Beschlossen", use_case={"readiness": {"score": 25}})
    await team.does("ines", agreed, Action.ACCEPT, next_step="x")
    await team.does("ines", agreed, Action.ASK, text="Welche?")
    one = await team.request(title="A", use_case=missing(("salesforce", "mailchimp")))
    two = await team.request(title="B", use_case=missing(("mailchimp", "salesforce"), ("sap", "web")))
    text = await agenda(team)
    order = [
        "Tagesordnung #it-anfragen, Mi, 13.01.2027",
        "Ausgeliefert",
        f"REQ-{done} · Webinare · Reaktionszeit: 3 Tage → 24 h",
        "Zu entscheiden",
        f"REQ-{late} · Alt · bis Mi, 20.01.2027, 09:00 · das Team ist am Zug",
        "Überfällige Antworten",
        f"REQ-{late} · Alt · überfällig seit Fr, 08.01.2027, 09:00 · das Team ist am Zug",
        f"REQ-{asked} · Gefragt · überfällig seit Mo, 11.01.2027, 09:00 · am Zug ist, wer angefragt hat",
        "Ideen, denen ein kurzes Gespräch hilft",
        "Schwach · Bereitschaft 25/100",
        "Schnittstellen, die mehreren fehlen",
        f"REQ-{one}, REQ-{two}",
        "Umstrittene Begriffe",
        "MQL",
    ]
    places = [text.find(line) for line in order]
    assert -1 not in places, (text, order[places.index(-1)])
    assert places == sorted(places), text
    assert "Stark" not in text
    assert "Beschlossen" not in text
    assert "sap" not in text.casefold()
    for name in ("Ines", "Mara"):
        assert name not in text


async def test_only_what_is_of_this_week_and_of_this_queue(team: Team, wednesday: MovableClock) -> None:
    number = await team.request(title="Längst")
    await team.does("ines", number, Action.ACCEPT, next_step="x")
    await team.does("ines", number, Action.DELIVER, effect="Gut.")
    await team.request(title="Fremd", queue="data_intake", use_case={"readiness": {"score": 3}})
    wednesday.move(8 * DAY)
    text = await agenda(team, "en")
    assert "Delivered" not in text
    assert "Fremd" not in text
    assert f"REQ-{number} · Längst · overdue since" in text  # nobody has said whether it is right


async def test_what_is_confidential_is_named_by_its_number_alone(
    team: Team, wednesday: MovableClock
) -> None:
    weak = {"readiness": {"score": 3}}
    number = await team.request(title="Kündigungen", use_case=weak, confidential=True)
    wednesday.move(8 * DAY)
    text = await agenda(team)
    assert "Kündigungen" not in text
    assert f"REQ-{number} · vertraulich · überfällig" in text
    assert "Bereitschaft" not in text


async def test_many_points_are_cut_and_counted(team: Team, wednesday: MovableClock) -> None:
    for _ in range(MOST + 2):
        await team.request(use_case={"readiness": {"score": 10}})
    assert (await agenda(team)).count("… und noch 2") == 1


class AllDisputed(Lexicon):
    """A glossary in which the departments agree on nothing."""

    def disputed(self, term: str) -> bool:
        """Yes."""
        return bool(term)


async def test_of_the_terms_in_dispute_the_most_asked_come_first(
    team: Team, wednesday: MovableClock
) -> None:
    words = AllDisputed(team.klartext.living)
    names = list(words.terms(None))
    asked = names[-1]
    async with team.klartext.database.unit() as unit:
        at = wednesday.at - dt.timedelta(days=1)
        unit.session.add(LookUp(slot=asked, outcome="answer", term=asked, channel_kind="direct", at=at))
        await unit.commit()
    async with team.klartext.database.reading() as session:
        found = await disputed_terms(words, session, wednesday.at, "de")
    assert found[0] == words.terms(None)[asked]["de"]
    assert len(found) == len(names)


def test_of_many_terms_in_dispute_the_rest_is_counted() -> None:
    names = [f"Begriff {at}" for at in range(MOST_DISPUTED + 3)]
    text = words(card(Agenda("#it", ZURICH, WEDNESDAY, disputed=names), "de"))
    assert names[MOST_DISPUTED - 1] in text
    assert names[MOST_DISPUTED] not in text
    assert "… und noch 3" in text


async def test_posted_once_a_week_however_many_processes_look(team: Team, wednesday: MovableClock) -> None:
    await team.request(title="Schwach", use_case={"readiness": {"score": 25}})
    schedules = [Schedule(team.klartext.database, team.klartext.agendas.regular) for _ in range(3)]
    posts = []
    for _ in range(16):
        for schedule in schedules:
            await schedule.look()
        wednesday.move(DAY / 2)
        posts += [post for post in await team.world.work() if "Tagesordnung" in words(post.card)]
    assert [post.place for post in posts] == ["#it-anfragen"]
    assert "Do, 07.01.2027" in words(posts[0].card)


async def test_a_queue_without_a_channel_or_that_is_gone_posts_nothing(
    team: Team, wednesday: MovableClock
) -> None:
    await team.request(queue="data_intake", use_case={"readiness": {"score": 25}})
    info = JobInfo(1, POST, 1, None, None, wednesday())
    for name in ("data_intake", "gone"):
        await team.klartext.agendas({"name": name, "at": wednesday().isoformat()}, info)
    assert not [post for post in await team.world.work() if "Tagesordnung" in words(post.card)]


async def agendas_posted(team: Team, clock: MovableClock, days: int) -> list[Posted]:
    """What is posted while days go by."""
    schedule = Schedule(team.klartext.database, team.klartext.agendas.regular)
    posts: list[Posted] = []
    for _ in range(2 * days):
        await schedule.look()
        clock.move(DAY / 2)
        posts += [post for post in await team.world.work() if "Tagesordnung" in words(post.card)]
    return posts


async def test_while_its_channel_is_away_the_agenda_waits_and_is_that_of_today(
    team: Team, wednesday: MovableClock
) -> None:
    """Of three weeks one agenda is left, and it is posted where the name of the channel is then."""
    team.world.channel.refuses = NotThere("chat.postMessage", "is_archived")
    for week in range(3):
        await team.request(title=f"Schwach {week}", use_case={"readiness": {"score": 25}})
        assert await agendas_posted(team, wednesday, 7) == []
    team.world.channel.refuses = None
    async with team.klartext.database.unit() as unit:
        await bind(unit, "#it-anfragen", Place(CHANNEL, "#neu"))
        await unit.commit()
    (post,) = await agendas_posted(team, wednesday, 1)
    assert post.place == "#neu"
    assert "Schwach 2" in words(post.card)


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: WEDNESDAY + dt.timedelta(minutes=minutes)),
    st.sampled_from(["mon", "thu", "sun"]),
    st.sampled_from(["00:00", "02:30", "15:00", "23:59"]),
    st.sampled_from(["Europe/Zurich", "America/New_York", "UTC"]),
)
def test_every_week_has_its_moment(at: dt.datetime, day: str, time: str, zone: str) -> None:
    weekly = Weekly(day, time, ZoneInfo(zone))
    first = weekly.after(at)
    assert at < first <= at + dt.timedelta(days=7, hours=1)
    second = weekly.after(first)
    assert abs(second - first - dt.timedelta(days=7)) <= dt.timedelta(hours=1)
    if time != "02:30":  # a time that the clocks skip is another one that day
        assert f"{second.astimezone(ZoneInfo(zone)):%H:%M}" == time


def test_the_flow_file_says_when() -> None:
    found = {queue.id: queue for queue in queues_of(flows().flows.values())}
    assert found["it_intake"].weekly == Weekly("thu", "15:00", ZURICH)
    assert found["it_intake"].team == "role:it_triage"
    assert set(found) >= {"it_intake", "data_intake"}


async def _weak_one(url: str) -> None:
    database = Database.at(url)
    async with database.unit() as unit:
        await store.submit(unit, submission(use_case={"readiness": {"score": 25}}), "playground")
        await unit.commit()
    await database.close()


@pytest.mark.parametrize(("language", "said"), [("de", "Bereitschaft 25/100"), ("en", "readiness 25/100")])
def test_in_the_terminal(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    apart(_weak_one(migrated_url))
    monkeypatch.setenv("KLARTEXT_DATABASE_URL", migrated_url)
    monkeypatch.setenv("KLARTEXT_FLOWS", str(FLOWS))
    every = CliRunner().invoke(app, ["agenda", "-l", language])
    assert every.exit_code == 0, every.output
    assert said in every.output
    one = CliRunner().invoke(app, ["agenda", "--queue", "data_intake", "-l", language])
    assert said not in one.output
    assert CliRunner().invoke(app, ["agenda", "--queue", "x", "-l", language]).exit_code == 2
