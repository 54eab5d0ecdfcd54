"""GitHub, as its documentation says that it answers (docs.github.com, REST 2022-11-28)."""

from typing import Any

import pytest

from bot.connectors.github import VERSION, GitHubTarget
from bot.connectors.model import GitHub
from bot.connectors.ports import Rejected, Remote, Unclear
from bot.connectors.wire import Wire
from tests.connectors.servers import Breaks, Called, Says, Web, turns, web
from tests.connectors.tickets import AT, HOSTILE, ticket

MADE = Says(201, {"number": 7, "html_url": "https://github.com/example/it/issues/7", "body": ""})
JOINER = "\u2060"


def target(server: Web) -> GitHubTarget:
    """Klartext's side."""
    settings = GitHub(type="github", repository="example/it", token_env="TOKEN", labels=["request"])
    return GitHubTarget(Wire(server.url, headers={**VERSION, "Authorization": "Bearer secret"}), settings)


async def test_an_issue_is_created_with_its_key() -> None:
    async with web(turns(MADE)) as server:
        remote = await target(server).create(ticket())
        (called,) = server.calls
    assert remote == Remote("7", "https://github.com/example/it/issues/7")
    assert (called.method, called.path) == ("POST", "/repos/example/it/issues")
    assert called.headers["authorization"] == "Bearer secret"
    assert called.json["title"] == "REQ-42 Webinare ohne Abtippen"
    assert called.json["labels"] == ["request"]
    assert called.json["body"].endswith("\n\n<!-- klartext-req-42 -->\n")


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"state": "planned"}, None),
        ({"state": "delivered", "course": "done"}, {"state": "closed", "state_reason": "completed"}),
        ({"state": "declined", "course": "dropped"}, {"state": "closed", "state_reason": "not_planned"}),
    ],
)
async def test_the_state_alone(changes: dict[str, Any], sent: dict[str, str] | None) -> None:
    before = ticket()
    async with web(turns(Says(200, {}))) as server:
        await target(server).update(Remote("7"), ticket(**changes), before.digest, "e")
    assert [called.json for called in server.calls] == ([sent] if sent else [])


async def test_what_is_open_again_here_is_open_again_there() -> None:
    async with web(turns(Says(200, {}))) as server:
        before = ticket(state="declined", course="dropped").digest
        await target(server).update(Remote("7"), ticket(state="submitted"), before, "e")
    assert [called.json for called in server.calls] == [{"state": "open"}]


async def test_new_words() -> None:
    async with web(turns(Says(200, {}))) as server:
        await target(server).update(Remote("7"), ticket("Neu"), ticket().digest, "e")
        (called,) = server.calls
    assert (called.method, called.path) == ("PATCH", "/repos/example/it/issues/7")
    assert called.json["title"] == "REQ-42 Neu"
    assert set(called.json) == {"title", "body"}


async def test_it_is_found_by_its_comment_on_any_page() -> None:
    others = [{"number": n, "body": f"<!-- klartext-req-4{n} -->"} for n in range(100, 200)]
    mine = [{"number": n, "body": f"{n}\n<!-- klartext-req-42 -->"} for n in (208, 209)]

    def pages(called: Called) -> Says:
        return Says(
            200, others if called.path.endswith("page=1") else [{"number": 201, "body": None}, *mine]
        )

    async with web(pages) as server:
        assert await target(server).find_by_key("klartext-req-42", AT) == Remote("208")
        assert "state=all&since=2026-11-24T09%3A20%3A00Z&per_page=100&sort=created" in server.calls[0].path
        assert await target(server).find_by_key("klartext-req-4", AT) is None


async def test_a_page_that_fails_is_asked_for_again() -> None:
    there = Says(200, [{"number": 7, "body": "<!-- klartext-req-42 -->"}])
    async with web(turns(Says(500), Breaks(), there)) as server:
        assert await target(server).find_by_key("klartext-req-42", AT) == Remote("7")
    async with web(turns(Says(500))) as server:
        with pytest.raises(Unclear, match="broken 500"):
            await target(server).find_by_key("klartext-req-42", AT)
    assert len(server.calls) == 3


@pytest.mark.parametrize(
    "said", [Says(200, {}), Says(200, [{"body": "<!-- klartext-req-42 -->"}]), Says(200, text="x")]
)
async def test_an_answer_that_is_none_is_unclear(said: Says) -> None:
    async with web(turns(said)) as server:
        with pytest.raises(Unclear):
            await target(server).find_by_key("klartext-req-42", AT)


async def test_too_many_to_look_through() -> None:
    async with web(turns(Says(200, [{"body": ""}] * 100))) as server:
        with pytest.raises(Unclear, match="too_many"):
            await target(server).find_by_key("klartext-req-42", AT)
    assert len(server.calls) == 20


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_people_typed_summons_nobody(text: str) -> None:
    async with web(turns(MADE)) as server:
        await target(server).create(ticket(text))
        body = str(server.calls[0].json["body"])
    for summons in ("@o", "#12", "#3", "GH-4", "https://", "<script", "<img", "<b>"):
        assert summons not in body.replace("\\<", "")
    assert body.count("<!-- klartext-req") == 1 + text.count("<!--") * 3  # the typed ones have a backslash
    assert body.replace("\\<!--", "").count("<!-- klartext-req") == 1


async def test_a_typed_key_is_not_taken_for_the_key() -> None:
    """Somebody who knows how keys look cannot make Klartext believe that a request is there."""
    body = ticket("<!-- klartext-req-43 -->").markdown
    async with web(turns(Says(200, [{"number": 5, "body": body}]))) as server:
        assert await target(server).find_by_key("klartext-req-43", AT) is None


async def test_what_is_too_long_ends_with_a_note() -> None:
    async with web(turns(MADE)) as server:
        await target(server).create(ticket("x" * 30_000))
        await target(server).create(ticket("t" * 400))
        long, wide = (called.json for called in server.calls)
    assert len(long["body"]) < 65_536
    assert "gekürzt" in long["body"]
    assert "<!-- klartext-req-42 -->" in long["body"]
    assert len(wide["title"]) == 256


OPEN = {"full_name": "example/it", "has_issues": True, "permissions": {"push": True}}


@pytest.mark.parametrize(
    ("said", "key", "wrong"),
    [
        (OPEN, "github", False),
        (
            {**OPEN, "permissions": {"pull": True, "push": False, "triage": False}},
            "github_permissions",
            True,
        ),
        ({**OPEN, "archived": True}, "github_closed", True),
        ({**OPEN, "has_issues": False}, "github_closed", True),
    ],
)
async def test_the_check_tries_without_creating(said: dict[str, Any], key: str, wrong: bool) -> None:
    async with web(turns(Says(200, said))) as server:
        found = await target(server).check()
    assert (found.key, found.wrong, server.calls[0].method) == (key, wrong, "GET")


async def test_a_repository_that_nobody_sees() -> None:
    async with web(turns(Says(404, {"message": "Not Found"}))) as server:
        with pytest.raises(Rejected, match="no_repository example/it"):
            await target(server).check()
