"""A state set at a tool comes back; what is not signed, fresh and ours changes nothing."""

import datetime as dt
import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.app.hooked import _given
from bot.chat.events import Asker
from bot.connectors.hooks import MOST, NotSigned, Report, Stale, Unreadable, read
from bot.connectors.model import Connectors, Deed
from bot.requests import store
from bot.requests.states import State
from bot.triage.workflow import RULES, Action
from tests.connectors.conftest import Office, opened
from tests.connectors.tools import (
    CONNECTORS,
    ENVIRON,
    HOOK_SECRET,
    WEBHOOK_SECRET,
    Tools,
    _hmac,
    from_github,
    from_jira,
    from_tool,
)
from tests.world import World


def clock(office: Office) -> dt.datetime:
    """What Klartext's clock says."""
    return office.world.klartext.database.clock()


def jira(office: Office, state: str, key: str = "IT-1", **fields: Any) -> tuple[bytes, dict[str, str]]:
    """Somebody moves an issue in Jira, now."""
    return from_jira(key, state, clock(office).timestamp(), **fields)


def github(office: Office, action: str = "closed", **more: Any) -> tuple[bytes, dict[str, str]]:
    """Somebody does something with an issue on GitHub, now."""
    return from_github(1, f"{clock(office):%Y-%m-%dT%H:%M:%SZ}", action, **more)


def tool(number: int, state: str, id_: str = "m1", **more: Any) -> tuple[bytes, dict[str, str]]:
    """Another tool reports, now by the clock of its library."""
    data = {"key": f"klartext-req-{number}", "state": state, **more}
    return from_tool(data, id_, dt.datetime.now(dt.UTC))


async def test_the_state_of_each_tool_comes_back(office: Office) -> None:
    number = await office.accepted()
    assert (await office.hook("jira", jira(office, "In Arbeit"))).json() == {"result": "done"}
    assert (await office.request(number)).state is State.IN_PROGRESS
    assert (await office.hook("github", github(office))).json() == {"result": "done"}
    assert (await office.request(number)).state is State.DELIVERED
    assert (await office.history(number))[-2:] == [("start", "jira"), ("deliver", "github")]


async def test_the_tool_that_said_it_is_not_told_of_it(office: Office) -> None:
    await office.accepted()
    calls = len(office.tools.web.calls)
    await office.hook("jira", jira(office, "In Arbeit"))
    await office.work()
    told = [called.path for called in office.tools.web.calls[calls:]]
    assert told == ["/in"]  # GitHub has no word for it, Jira said it itself
    assert len(office.tools.post.mails) == 2


async def test_a_change_of_words_goes_there_all_the_same(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    number = await office.accepted()
    async with world.klartext.database.unit() as unit:
        request = await store.find(unit.session, number, for_update=True)
        request.title = "Neu"
        await store.record(unit, request, "changed", 1, "playground")
        await unit.commit()
    await office.hook("jira", jira(office, "In Arbeit"))
    await office.work()
    assert four.jira["IT-1"]["summary"] == f"REQ-{number} Neu"


async def test_a_state_that_we_caused_is_no_news(office: Office) -> None:
    number = await office.accepted()
    await office.act(number, Action.START)
    await office.work()
    before = await office.history(number)
    assert (await office.hook("jira", jira(office, "In Arbeit"))).json() == {"result": "nothing"}
    assert await office.history(number) == before


async def test_a_repeat_changes_nothing(office: Office) -> None:
    number = await office.accepted()
    message = jira(office, "In Arbeit")
    await office.hook("jira", message)
    await office.act(number, Action.ASK, text="Noch etwas?")
    repeated = await office.hook("jira", message)
    assert (repeated.status_code, repeated.json()) == (200, {"result": "known"})
    assert (await office.request(number)).state is State.IN_CLARIFICATION


async def test_a_repeat_with_other_headers_is_still_one(office: Office) -> None:
    """GitHub does not sign the id of a delivery: whoever has heard a message could send it with another."""
    await office.accepted()
    body, headers = github(office)
    await office.hook("github", (body, headers))
    again = await office.hook("github", (body, {**headers, "x-github-delivery": "d-2"}))
    assert again.json() == {"result": "known"}


async def test_a_signed_webhook_moves_it(office: Office) -> None:
    number = await office.accepted()
    done = await office.hook("tool", tool(number, "DONE"))
    assert (done.status_code, done.json()) == (200, {"result": "done"})
    assert (await office.request(number)).state is State.DELIVERED


async def test_a_cloud_event_is_read_too(office: Office) -> None:
    number = await office.accepted()
    data = {"key": f"klartext-req-{number}", "state": "planned", "date": "2027-03-31"}
    event = {"specversion": "1.0", "id": "1", "source": "/tool", "type": "x", "data": data}
    await office.hook("tool", from_tool(event, "m1", dt.datetime.now(dt.UTC)))
    assert (await office.request(number)).state is State.PLANNED


async def test_a_plan_without_a_day_is_a_yes(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool", "submitted")
    number = await office.submit()
    await office.work()
    await office.hook("tool", tool(number, "planned"))
    assert (await office.request(number)).state is State.ACCEPTED
    assert (await office.hook("tool", tool(number, "planned", "m2"))).json() == {"result": "nothing"}


@pytest.mark.parametrize("day", ["2020-01-01", "9999-12-31"])
async def test_a_day_that_is_over_or_a_mistake_is_no_plan(office: Office, day: str) -> None:
    """The calendar counts every day to a date, and a promise that is late at once is none."""
    number = await office.accepted()
    data = {"key": f"klartext-req-{number}", "state": "planned", "date": day}
    answer = await office.hook("tool", from_tool(data, "m1", dt.datetime.now(dt.UTC)))
    assert answer.json() == {"result": "nothing"}
    assert (await office.request(number)).state is State.ACCEPTED


async def test_who_begins_has_accepted(world: World, four: Tools) -> None:
    office = await opened(world, four, "tool, jira", "submitted")
    number = await office.submit()
    await office.work()
    await office.hook("jira", jira(office, "in arbeit"))
    assert [kind for kind, _ in await office.history(number)] == ["submitted", "accept", "start"]


async def test_who_begins_waits_for_no_answer(office: Office) -> None:
    number = await office.accepted()
    await office.act(number, Action.ASK, text="Welche Listen?")
    assert (await office.hook("jira", jira(office, "In Arbeit"))).json() == {"result": "done"}
    assert (await office.request(number)).state is State.IN_PROGRESS
    kinds = ["submitted", "accept", "ask", "settle", "start"]
    assert [kind for kind, _ in await office.history(number)] == kinds


async def test_a_no_has_a_reason_that_people_can_read(office: Office) -> None:
    number = await office.accepted()
    await office.hook("jira", jira(office, "Nein"))
    assert (await office.request(number)).state is State.DECLINED


async def test_what_has_ended_stays_as_it_is(office: Office) -> None:
    number = await office.accepted()
    await office.act(number, Action.DECLINE, reason="small", would_change="x")
    assert (await office.hook("jira", jira(office, "Fertig"))).json() == {"result": "nothing"}
    assert (await office.request(number)).state is State.DECLINED


async def test_a_state_that_means_nothing_here(office: Office) -> None:
    number = await office.accepted()
    assert (await office.hook("jira", jira(office, "Im Urlaub"))).json() == {"result": "nothing"}
    assert (await office.request(number)).state is State.ACCEPTED


def unsigned(message: tuple[bytes, dict[str, str]], **headers: str) -> tuple[bytes, dict[str, str]]:
    """With other headers."""
    return message[0], {**message[1], **{name.replace("_", "-"): value for name, value in headers.items()}}


async def test_what_is_not_signed_is_refused(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    number = await office.accepted()
    moved = jira(office, "Fertig")
    wrong = [
        ("jira", (moved[0], {})),
        ("jira", (moved[0] + b" ", moved[1])),
        ("jira", unsigned(moved, x_hub_signature="sha256=äöü".encode().decode("latin-1"))),
        ("jira", unsigned(moved, x_hub_signature="sha1=" + "0" * 40)),
        ("github", (github(office)[0], {"x-github-event": "issues"})),
        ("github", (moved[0], {"x-hub-signature-256": moved[1]["x-hub-signature"]})),
        ("tool", unsigned(tool(number, "done"), webhook_signature="v1,AAAA")),
        ("tool", unsigned(tool(number, "done"), webhook_signature="v1")),
        ("tool", unsigned(tool(number, "done"), webhook_signature="")),
        ("tool", unsigned(tool(number, "done"), webhook_signature="v1,é".encode().decode("latin-1"))),
        ("tool", unsigned(tool(number, "done"), webhook_id="m2")),
        ("tool", unsigned(tool(number, "done"), webhook_timestamp="nan")),
        ("tool", (b"\xff\xfe", tool(number, "done")[1])),
        (
            "tool",
            from_tool(
                {"key": f"klartext-req-{number}", "state": "done"},
                "m",
                dt.datetime.now(dt.UTC),
                WEBHOOK_SECRET,
            ),
        ),
    ]
    for name, message in wrong:
        assert (await office.hook(name, message)).status_code == 401, message
    assert (await office.request(number)).state is State.ACCEPTED
    assert caplog.text.count("refused, not signed; nothing changed") == len(wrong)


async def test_what_is_stale_is_refused(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    number = await office.accepted()
    at = clock(office)
    old = [
        ("jira", from_jira("IT-1", "Fertig", (at - dt.timedelta(hours=3)).timestamp())),
        ("jira", from_jira("IT-1", "Fertig", (at + dt.timedelta(hours=3)).timestamp())),
        ("github", from_github(1, f"{at - dt.timedelta(days=4):%Y-%m-%dT%H:%M:%SZ}")),
        (
            "tool",
            from_tool(
                {"key": f"klartext-req-{number}", "state": "done"},
                "m",
                dt.datetime.now(dt.UTC) - dt.timedelta(minutes=9),
            ),
        ),
        (
            "tool",
            from_tool(
                {"key": f"klartext-req-{number}", "state": "done"},
                "m",
                dt.datetime.now(dt.UTC) + dt.timedelta(hours=1),
            ),
        ),
    ]
    for name, message in old:
        answer = await office.hook(name, message)
        assert (answer.status_code, answer.json()) == (400, {"result": "stale"})
    assert (await office.request(number)).state is State.ACCEPTED
    assert caplog.text.count("refused, stale") == len(old)


@pytest.mark.parametrize(
    "data",
    [
        [],
        "x",
        7,
        {},
        {"state": "done"},
        {"state": 7, "key": "klartext-req-1"},
        {"key": ["klartext-req-1"], "state": "done"},
        {"specversion": "1.0"},
        {"specversion": "1.0", "data": "x"},
    ],
)
async def test_what_is_signed_and_makes_no_sense(office: Office, data: Any) -> None:
    answer = await office.hook("tool", from_tool(data, "m1", dt.datetime.now(dt.UTC)))
    assert (answer.status_code, answer.json()) == (400, {"result": "unreadable"})


@pytest.mark.parametrize(
    "key",
    [
        "klartext-req-999",
        "klartext-req-0",
        "klartext-req-",
        "other-req-1",
        "REQ-1",
        "1",
        "klartext-req-99999999999",
        "",
    ],
)
async def test_what_nobody_knows(office: Office, key: str) -> None:
    await office.accepted()
    answer = await office.hook(
        "tool", from_tool({"key": key, "state": "done"}, "m1", dt.datetime.now(dt.UTC))
    )
    assert (answer.status_code, answer.json()) == (404, {"result": "unknown"})
    assert (await office.hook("jira", jira(office, "Fertig", "IT-99"))).status_code == 202


async def test_a_request_that_never_went_there_is_not_moved_from_there(world: World, four: Tools) -> None:
    office = await opened(world, four, "jira")
    number = await office.accepted()
    assert (await office.hook("tool", tool(number, "done"))).status_code == 404
    assert (await office.request(number)).state is State.ACCEPTED


async def test_what_is_about_something_else_is_ignored(office: Office) -> None:
    await office.accepted()
    others = [
        ("github", github(office, "edited")),
        ("github", github(office, "closed", repository={"full_name": "example/other"})),
        ("github", unsigned(github(office), x_github_event="ping")),
    ]
    for name, message in others:
        answer = await office.hook(name, message)
        assert (answer.status_code, answer.json()) == (202, {"result": "ignored"})


async def test_a_label_is_a_state_of_github(office: Office) -> None:
    number = await office.accepted()
    await office.hook("github", github(office, "labeled", label={"name": "doing"}))
    assert (await office.request(number)).state is State.IN_PROGRESS


async def test_too_much_is_not_even_read(office: Office) -> None:
    assert (await office.hook("tool", (b"x" * (MOST + 1), {}))).status_code == 413


@pytest.mark.parametrize("name", ["mail", "nobody", ".."])
async def test_there_is_no_way_in_where_none_is_set_up(office: Office, name: str) -> None:
    assert (await office.hook(name, (b"{}", {}))).status_code == 404


async def test_what_a_tool_called_it_is_read_as_typed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await office.accepted()
    await office.hook("jira", jira(office, "x\nERROR forged"))
    assert "\nERROR forged" not in caplog.text


def test_what_a_tool_may_do_is_in_the_workflow_and_complete() -> None:
    asker, report = Asker(0, "Jira", "de"), Report("1", "Fertig", date="2027-03-31")
    deeds = [Action(name) for name in Deed.__args__]  # type: ignore[attr-defined]
    for action in deeds:
        request: Any = type("R", (), {"language": "de"})
        given = _given(action, asker, report, request)
        assert set(RULES[action].needs) <= set(given)
        assert RULES[action].side == "team"
        json.dumps(given)
    assert HOOK_SECRET


WORDS = [
    *("issue", "key", "state", "data", "specversion", "changelog", "items", "field", "toString", "fields"),
    *("timestamp", "webhookEvent", "repository", "full_name", "updated_at", "action", "label", "name"),
    *("number", "milestone", "due_on", "state_reason"),
]
VALUES = ["jira:issue_updated", "status", "closed", "labeled", "example/it", "2026-11-24T09:30:00Z"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("aü{}", max_size=5) | st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=20,
)
NAMED = Connectors.model_validate(YAML(typ="safe").load(CONNECTORS.format(url="https://x.example", port=1)))


@given(data=JSON, kind=st.sampled_from(["jira", "github", "tool"]))
def test_whatever_a_tool_signs_is_read_or_refused(data: Any, kind: str) -> None:
    at = dt.datetime.now(dt.UTC)
    body, headers = from_tool(data, "m1", at)
    secret = {"jira": "JIRA_HOOK_SECRET", "github": "GITHUB_HOOK_SECRET", "tool": "TOOL_HOOK_SECRET"}[kind]
    signed = _hmac(ENVIRON[secret], body)
    headers |= {"x-hub-signature": signed, "x-hub-signature-256": signed, "x-github-event": "issues"}
    try:
        report = read(NAMED.connectors[kind], ENVIRON[secret], headers, body, at)
    except (Stale, Unreadable):
        return
    assert report is None or isinstance(report.state, str)


@given(body=st.binary(max_size=50), signature=st.text(max_size=30))
def test_whatever_a_stranger_sends_is_refused(body: bytes, signature: str) -> None:
    names = (
        "x-hub-signature",
        "x-hub-signature-256",
        "webhook-signature",
        "webhook-id",
        "webhook-timestamp",
    )
    for name in ("jira", "github", "tool", "mail"):
        with pytest.raises((NotSigned, Stale)):
            read(
                NAMED.connectors[name],
                HOOK_SECRET,
                dict.fromkeys(names, signature),
                body,
                dt.datetime.now(dt.UTC),
            )
