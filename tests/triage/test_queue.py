"""The queue as its people see it: whose it is, in which order, page by page, nothing that is not theirs."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.app.channels import COMMANDS
from bot.chat.replies import Close, Errors, Open, Silent, Tell, Update
from bot.chat.ui import Button
from bot.people import absence
from bot.requests import store
from bot.requests.states import State
from bot.triage import queue_cards as cards
from bot.triage.queue import _list_of
from bot.triage.queue_list import ALL, FOUND, LATE, STATES, VIEWS, Wanted
from bot.triage.workflow import Action
from tests.db.fixtures import MovableClock
from tests.triage.team import Team
from tests.world import buttons, forged, words

DAY = 24 * 3600


def labels(text: str) -> list[str]:
    """The requests of a list, in order."""
    return [line.split(" · ")[0] for line in text.splitlines() if line.startswith("REQ-")]


async def listed(team: Team, name: str, text: str = "", command: str | None = "queue") -> str:
    """What somebody reads who asks for the queue."""
    return words(await team.world.say(name, text, command=command))


async def test_each_line_says_what_where_whose_turn_and_by_when(team: Team, clock: MovableClock) -> None:
    clock.at = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    number = await team.request(title="Webinare ohne Abtippen")
    text = await listed(team, "ines")
    assert f"REQ-{number} · eingereicht · Webinare ohne Abtippen" in text
    assert "Am Zug: das Team, noch niemand zuständig · bis Mi, 06.01.2027, 10:00" in text
    await team.does("ines", number, Action.TAKE)
    assert "Am Zug: Ines · bis Mo, 18.01.2027, 10:00" in await listed(team, "ines")
    await team.does("ines", number, Action.ASK, text="Welche?")
    assert "Am Zug: Mara · bis Do, 07.01.2027, 10:00 · Zuständig: Ines" in await listed(team, "ines")
    clock.move(5 * DAY)
    assert "überfällig seit Do, 07.01.2027, 10:00" in await listed(team, "ines")


async def test_nobody_is_shown_late_because_the_other_side_was(team: Team, clock: MovableClock) -> None:
    clock.at = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    number = await team.request()
    clock.move(21 * DAY)
    await team.does("ines", number, Action.ASK, text="Welche?")
    assert "Am Zug: Mara · bis Do, 28.01.2027, 10:00" in await listed(team, "ines")
    assert labels(await listed(team, "ines", "overdue")) == []
    await team.does("mara", number, Action.ANSWER, text="Alle.")
    assert "überfällig seit Mo, 18.01.2027, 10:00" in await listed(team, "ines")
    assert labels(await listed(team, "ines", "overdue")) == [f"REQ-{number}"]


async def test_it_opens_the_request(team: Team) -> None:
    number = await team.request()
    card = await team.world.say("ines", "", command="queue")
    shown = await team.world.press("ines", buttons(card)[f"REQ-{number} zeigen"])
    assert "Wir brauchen HubSpot" in words(shown)


async def test_lists_by_whose_and_where_they_stand(team: Team, clock: MovableClock) -> None:
    clock.at = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    first, second, third, fourth = [await team.request() for _ in range(4)]
    await team.does("ines", second, Action.TAKE)
    await team.does("ines", third, Action.ACCEPT, next_step="x")
    await team.does("ines", fourth, Action.DECLINE, reason="x", would_change="y")
    assert labels(await listed(team, "ines")) == [f"REQ-{one}" for one in (first, second, third)]
    for text in ("meine", "my work", "Mine"):
        assert labels(await listed(team, "ines", text)) == [f"REQ-{second}"]
    for text in ("frei", "unassigned"):
        assert labels(await listed(team, "ines", text)) == [f"REQ-{one}" for one in (first, third)]
    for text in ("abgelehnt", "declined"):
        assert labels(await listed(team, "ines", text)) == [f"REQ-{fourth}"]
    assert labels(await listed(team, "ines", "overdue")) == []
    clock.move(3 * DAY)
    assert labels(await listed(team, "ines", "überfällig")) == [f"REQ-{first}"]
    clock.move(30 * DAY)
    assert labels(await listed(team, "ines", "überfällig")) == [f"REQ-{one}" for one in (first, second)]


async def test_page_by_page_nothing_twice_and_nothing_left_out(team: Team, clock: MovableClock) -> None:
    numbers = []
    for _ in range(19):
        numbers.append(await team.request())
        clock.move(0 if len(numbers) % 3 else 60)
    for words_of_list in ("", "overdue", "webinare"):
        clock.move(40 * DAY)
        reply = await team.world.say("ines", words_of_list, command="queue")
        seen = labels(words(reply))
        while more := buttons(reply).get("Mehr"):
            reply = await team.world.press("ines", more)
            assert isinstance(reply, Update)
            seen += labels(words(reply))
        assert seen == [f"REQ-{number}" for number in numbers]


async def test_a_new_page_begins_where_the_last_one_ended_whatever_came_meanwhile(team: Team) -> None:
    numbers = [await team.request() for _ in range(10)]
    reply = await team.world.say("ines", "", command="queue")
    await team.does("ines", numbers[0], Action.DECLINE, reason="x", would_change="y")
    newest = await team.request()
    reply = await team.world.press("ines", buttons(reply)["Mehr"])
    assert labels(words(reply)) == [f"REQ-{number}" for number in (*numbers[8:], newest)]


async def test_search_by_number_and_by_words(team: Team) -> None:
    wish = {"original_wish": "Wir brauchen HubSpot für Anmeldungen", "requirement": "Übertragung ins CRM"}
    first = await team.request(use_case=wish)
    second = await team.request(title="Rechnungen ins Archiv")
    declined = await team.request(title="Hubspot abschaffen")
    await team.does("ines", declined, Action.DECLINE, reason="x", would_change="y")
    found = {
        f"req-{second}": [second],
        str(first): [first],
        "hubspot": [first, declined],
        "HUBSPOT anmeld": [first],
        "uebertragung": [first],
        "Übertragung!": [first],
        "rechnung": [second],
        "hubspot rechnungen": [],
        "req-999": [],
        "§$%": [],
    }
    for text, numbers in found.items():
        assert labels(await listed(team, "ines", text)) == [f"REQ-{one}" for one in numbers], text


async def test_a_search_that_finds_nothing_is_no_reason_to_rejoice(team: Team) -> None:
    said = words(await team.world.say("ines", "/queue quatsch"))
    assert "Dazu gibt es keine Anfrage an dein Team." in said
    assert "Schön" not in said


async def test_a_changed_request_is_found_by_its_new_words_alone(team: Team) -> None:
    number = await team.request(title="Alte Sache")
    person = await team.person("mara")
    async with team.klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        await store.change(unit, request, person, "playground", title="Neue Sache")
        await unit.commit()
    assert labels(await listed(team, "ines", "alte")) == []
    assert labels(await listed(team, "ines", "neue")) == [f"REQ-{number}"]


async def test_the_search_form(team: Team) -> None:
    number = await team.request(title="Rechnungen")
    card = await team.world.say("ines", "", command="queue")
    form = await team.world.press("ines", buttons(card)["Suchen"])
    assert isinstance(form, Open)
    assert isinstance(await team.world.submit("ines", form.form, {"text": "  "}), Errors)
    found = await team.world.submit("ines", form.form, {"text": "rechnungen"})
    assert isinstance(found, Close)
    assert labels(words(found)) == [f"REQ-{number}"]


async def test_only_people_of_a_team_see_its_queue(team: Team) -> None:
    await team.request(title="Rechnungen")
    other = await team.request(team="role:data_triage", queue="data_intake", title="Zahlen")
    for said in ("", "rechnungen"):
        assert "Die Warteschlange sieht nur" in await listed(team, "mara", said)
    assert "Die Warteschlange sieht nur" in await listed(team, "mara", "queue", command=None)
    assert f"REQ-{other}" not in await listed(team, "ines")
    assert labels(await listed(team, "ines", f"req-{other}")) == []
    button = Button("x", cards.LIST, cards.value(Wanted(ALL)))
    assert "Die Warteschlange sieht nur" in words(await team.world.press("mara", button))
    form = await team.world.press("ines", Button("x", cards.SEARCH))
    assert isinstance(form, Open)
    assert "Die Warteschlange" in words(await team.world.submit("mara", form.form, {"text": "rechnungen"}))


async def test_a_confidential_one_is_covered_for_an_admin(team: Team) -> None:
    number = await team.request(title="Kündigungen planen", confidential=True)
    own = await team.request("sven", title="Eigenes", confidential=True)
    assert f"REQ-{number} · eingereicht · Kündigungen planen" in await listed(team, "ines")
    shown = await listed(team, "sven")
    assert f"REQ-{number} · eingereicht · vertraulich" in shown
    assert f"REQ-{own} · eingereicht · Eigenes" in shown
    assert labels(await listed(team, "sven", "kündigungen")) == []
    assert labels(await listed(team, "ines", "kündigungen")) == [f"REQ-{number}"]


async def test_what_a_client_sends_as_a_list_is_a_list_or_an_old_card(team: Team) -> None:
    for value in (
        "",
        "mine",
        "drop|0||",
        "open|-1||",
        "open|²||",
        "late|3|x|",
        f"open|{'9' * 30}||",
        "late|1|2027-01-01|",
    ):
        reply = await team.world.press("ines", forged(Button("x", cards.LIST), value))
        assert "älter" in words(reply) or "alt" in words(reply), value
    quiet = await team.world.press("ines", Button("x", cards.LIST, "open|999999||"))
    assert "Das war alles." in words(quiet)


@given(
    st.sampled_from([*VIEWS, *STATES, FOUND]),
    st.text("aä|:, ?", max_size=30),
    st.integers(0, 10**12),
    st.none() | st.datetimes(timezones=st.just(dt.UTC)),
)
def test_a_button_carries_its_list(view: str, text: str, after: int, due: dt.datetime | None) -> None:
    wanted = Wanted(view, text, after, due)
    assert cards.wanted(cards.value(wanted)) == wanted


@given(st.text(max_size=60))
def test_no_text_of_a_client_breaks_it(text: str) -> None:
    wanted = cards.wanted(text)
    assert wanted is None or cards.wanted(cards.value(wanted)) == wanted
    assert _list_of(text).view in {*VIEWS, *STATES, FOUND}


async def test_the_words_for_it(team: Team) -> None:
    assert "queue" in COMMANDS
    for said in ("queue", "Queue?", "warteschlange", "Warteschlange überfällig", "/queue late"):
        assert "Anfragen an dein Team" in await listed(team, "ines", said, command=None), said
    unaddressed = await team.world.say("ines", "queue", room="#marketing", addressed=False)
    assert isinstance(unaddressed, Silent)
    asked = await team.world.say("mara", "queue lead")
    assert isinstance(asked, Tell)
    assert "Die Warteschlange" not in words(asked)
    assert _list_of("Overdue!").view == LATE
    assert _list_of("in Arbeit").view == State.IN_PROGRESS


async def test_the_home_of_a_triager_is_the_list(team: Team) -> None:
    number = await team.request()
    home = await team.world.say("ines", "start")
    assert labels(words(home)) == [f"REQ-{number}"]
    assert words(home).index("Anfragen an dein Team") < words(home).index("Abteilung"), "their work first"
    assert "Anfragen an dein Team" not in words(await team.world.say("mara", "start"))
    late = await team.world.press("ines", buttons(home)["Überfällig"])
    assert "Hier ist gerade nichts" in words(late)
    assert "Meine Arbeit, die ältesten zuerst" in words(await team.world.say("ines", "queue mine"))
    assert "Überfällig, die ältesten Fristen zuerst" in words(late)


async def test_the_work_of_those_who_are_away(team: Team, clock: MovableClock) -> None:
    number = await team.request()
    await team.does("ines", number, Action.TAKE)
    team.klartext.directory.roles = team.klartext.directory.roles.model_copy(
        update={"roles": {**team.klartext.directory.roles.roles, "it_triage": ["user:ines", "user:lena"]}}
    )
    team.klartext.directory.forget_all()
    assert labels(words(await team.world.say("lena", "mine", command="queue"))) == []
    ines, lena = await team.person("ines"), await team.person("lena")
    async with team.klartext.database.unit() as unit:
        until = clock().date() + dt.timedelta(days=2)
        await absence.leave(unit, ines, until, lena)
        await unit.commit()
    assert labels(words(await team.world.say("lena", "mine", command="queue"))) == [f"REQ-{number}"]
    clock.move(3 * DAY)
    assert labels(words(await team.world.say("lena", "mine", command="queue"))) == []
