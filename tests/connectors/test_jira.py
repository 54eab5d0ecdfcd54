"""Jira Cloud, as its documentation says that it answers (developer.atlassian.com, REST v3)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.connectors.adf import MOST, document
from bot.connectors.jira import JiraTarget
from bot.connectors.model import Jira
from bot.connectors.ports import Rejected, Remote, Unclear
from bot.connectors.wire import Wire
from bot.intake.markdown import literal
from tests.connectors.servers import Answering, Called, Says, Web, turns, web
from tests.connectors.tickets import AT, HOSTILE, ticket, words

MADE = Says(
    201, {"id": "10000", "key": "IT-24", "self": "https://elsewhere.example/rest/api/3/issue/10000"}
)


def target(server: Web) -> JiraTarget:
    """Klartext's side."""
    settings = Jira(
        type="jira",
        url=server.url,
        user="klartext@example.com",
        token_env="TOKEN",
        project="IT",
        issue_type="Aufgabe",
    )
    return JiraTarget(Wire(server.url, auth=("klartext@example.com", "secret")), settings)


def nodes(node: Any) -> list[Any]:
    """All parts of a document."""
    return [node, *(part for one in node.get("content", []) for part in nodes(one))]


def text_of(adf: Any) -> str:
    """What one reads."""
    return "".join(node.get("text", "") for node in nodes(adf))


async def test_an_issue_is_created_under_its_key() -> None:
    async with web(turns(MADE)) as server:
        remote = await target(server).create(ticket())
        assert remote == Remote("10000", f"{server.url}/browse/IT-24")
        (called,) = server.calls
    assert (called.method, called.path) == ("POST", "/rest/api/3/issue")
    assert called.headers["authorization"] == "Basic a2xhcnRleHRAZXhhbXBsZS5jb206c2VjcmV0"
    fields = called.json["fields"]
    assert fields["summary"] == "REQ-42 Webinare ohne Abtippen"
    assert fields["labels"] == ["klartext", "klartext-req-42", "klartext-accepted"]
    assert (fields["project"], fields["issuetype"]) == ({"key": "IT"}, {"name": "Aufgabe"})
    assert fields["description"]["type"] == "doc"


async def test_a_state_alone_leaves_the_words_as_they_are_there() -> None:
    before = ticket()
    async with web(turns(Says(204))) as server:
        await target(server).update(Remote("IT-24"), ticket(state="planned"), before.digest, "e")
        await target(server).update(Remote("IT-24"), ticket("Neu"), before.digest, "e")
        state, content = server.calls
    assert (state.method, state.path) == ("PUT", "/rest/api/3/issue/IT-24")
    assert "fields" not in state.json
    labels = state.json["update"]["labels"]
    assert {"add": "klartext-planned"} in labels
    assert {"remove": "klartext-accepted"} in labels
    assert {"remove": "klartext-planned"} not in labels
    assert content.json["fields"]["summary"] == "REQ-42 Neu"


async def test_it_is_found_by_its_label() -> None:
    two = [{"id": "10000", "key": "IT-24"}, {"id": "2", "key": "IT-25"}]
    async with web(turns(Says(200, {"issues": two}), Says(200, {"issues": []}))) as server:
        found = await target(server).find_by_key("klartext-req-42", AT)
        assert found == Remote("10000", f"{server.url}/browse/IT-24")
        assert await target(server).find_by_key("klartext-req-42", AT) is None
        called = server.calls[0]
    assert (called.method, called.path) == ("POST", "/rest/api/3/search/jql")
    assert called.json["jql"] == 'project = "IT" AND labels = "klartext-req-42" ORDER BY created ASC'


ODD = [
    {"id": "1", "key": "../../x"},
    {"id": "1/x", "key": "IT-1"},
    {"key": "IT-1"},
    {"id": 1, "key": "IT-1"},
    7,
]


@pytest.mark.parametrize("data", [{}, {"issues": "x"}, *({"issues": [issue]} for issue in ODD)])
async def test_an_answer_that_is_none_is_unclear(data: Any) -> None:
    async with web(turns(Says(200, data))) as server:
        with pytest.raises(Unclear):
            await target(server).find_by_key("klartext-req-42", AT)


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_people_typed_does_nothing_there(text: str) -> None:
    async with web(turns(MADE)) as server:
        await target(server).create(ticket(text))
        fields = server.calls[0].json["fields"]
    adf = fields["description"]
    kinds = {node["type"] for node in nodes(adf)}
    assert kinds <= {
        "doc",
        "heading",
        "paragraph",
        "text",
        "table",
        "tableRow",
        "tableHeader",
        "tableCell",
        "taskList",
        "taskItem",
    }
    assert not [mark for node in nodes(adf) for mark in node.get("marks", []) if mark["type"] != "strong"]
    assert "\n" not in fields["summary"]
    cells = [node for node in nodes(adf) if node["type"] in {"tableCell", "tableHeader"}]
    assert words(text_of(cells[-1])) == words(text)


@given(st.text("ab |*_`~[]()<>&#@!\\-+=1.$:/\n", max_size=40))
def test_every_text_reads_as_it_was_typed(text: str) -> None:
    adf = document(f"**x:** {literal(text)}", "k", "…")
    assert words(text_of(adf)).removeprefix("x:") == words(text)


def test_boxes_keep_their_ids() -> None:
    def ids(of: str) -> list[str]:
        return [
            node["attrs"]["localId"]
            for node in nodes(document(ticket(of).markdown, "k", "…"))
            if "localId" in node.get("attrs", {})
        ]

    assert ids("a") == ids("b")
    assert len(set(ids("a"))) == 3


@pytest.mark.parametrize(
    "text", ["x" * 30_000, "wort " * 6_000, "zeile\n" * 5_000, "ü|" * 15_000, "\\" * 30_000]
)
def test_what_is_too_long_ends_with_a_note(text: str) -> None:
    adf = document(f"# T\n\n{literal(text)}\n\n" + ticket(text).markdown, "k", "… gekürzt")
    assert len(json.dumps(adf, ensure_ascii=False)) <= MOST
    assert text_of(adf).endswith("… gekürzt")


SUMMARY = {"fieldId": "summary", "name": "Summary", "required": True}
LABELS = {"fieldId": "labels", "name": "Labels", "required": False}


def site(**changes: Says) -> Answering:
    """A project as it should be, with changes."""
    said = {
        "myself": Says(200, {"displayName": "Klartext"}),
        "mypermissions": Says(
            200,
            {
                "permissions": {
                    name: {"havePermission": True}
                    for name in ("CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS")
                }
            },
        ),
        "issuetypes": Says(200, {"issueTypes": [{"id": "10001", "name": "Aufgabe"}]}),
        "fields": Says(200, {"fields": [SUMMARY, LABELS]}),
        **changes,
    }

    def answer(called: Called) -> Says:
        last = called.path.partition("?")[0].rpartition("/")[2]
        return said["fields" if last == "10001" else last]

    return answer


LACKING = {
    "permissions": {"CREATE_ISSUES": {"havePermission": True}, "EDIT_ISSUES": {"havePermission": False}}
}
TEAM = {"fieldId": "customfield_1", "name": "Team", "required": True, "hasDefaultValue": False}
CHECKS: dict[str, tuple[dict[str, Says], str, bool]] = {
    "all is well": ({}, "jira", False),
    "another issue type": ({"issuetypes": Says(200, {"issueTypes": []})}, "jira_type", True),
    "no permission": ({"mypermissions": Says(200, LACKING)}, "jira_permissions", True),
    "a field that nobody fills": ({"fields": Says(200, {"fields": [TEAM, LABELS]})}, "jira_fields", True),
    "no labels": ({"fields": Says(200, {"fields": [SUMMARY]})}, "jira_labels", True),
}


@pytest.mark.parametrize(("changes", "key", "wrong"), CHECKS.values(), ids=CHECKS.keys())
async def test_the_check_tries_without_creating(changes: dict[str, Says], key: str, wrong: bool) -> None:
    async with web(site(**changes)) as server:
        found = await target(server).check()
    assert (found.key, found.wrong) == (key, wrong)
    assert {called.method for called in server.calls} == {"GET"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"myself": Says(401, {})}, "login"),
        ({"myself": Says(200, text="<html>log in</html>")}, "bad_answer"),
        ({"issuetypes": Says(404, {})}, "no_project"),
        ({"issuetypes": Says(403, {})}, "login"),
    ],
)
async def test_what_the_check_cannot_get_past(changes: dict[str, Says], reason: str) -> None:
    async with web(site(**changes)) as server:
        with pytest.raises((Rejected, Unclear), match=reason):
            await target(server).check()
