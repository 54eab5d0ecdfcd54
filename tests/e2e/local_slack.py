"""local-slack: the whole loop over HTTP and over Socket Mode, with people at its page."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from tests.channels.slack.fake import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    MARA,
    MARKETING,
    SALES,
    SECRET,
    SVEN,
    TEAM,
)
from tests.channels.slack.workspace import labels, seen
from tests.e2e.steps import GLOSSARY, LOCAL_SLACK, running, step, until

SLACK, KLARTEXT = 3000, 8080  # ports, in a namespace where nothing else runs


class Desk:
    """People at local-slack: what they do, and what they see in its page."""

    def __init__(self, http: httpx.Client, page: aiohttp.ClientWebSocketResponse) -> None:
        self._http = http
        self._page = page
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}

    async def watch(self) -> None:
        """Follow what the page is told."""
        async for frame in self._page:
            told = json.loads(frame.data)
            if told["t"] == "view":
                self.views = told.get("stack") or []
            if told["t"] == "home":
                self.homes[told["user"]] = told["view"]

    def do(self, what: str, **given: Any) -> dict[str, Any]:
        """Through the control interface; what comes back."""
        answer: dict[str, Any] = self._http.post(f"/_control/{what}", json=given).raise_for_status().json()
        return answer

    def messages(self, place: str) -> list[dict[str, Any]]:
        """What stands in a conversation."""
        found: list[dict[str, Any]] = self._http.get(f"/_control/messages/{place}").json()["messages"]
        return found

    def from_us(self, place: str) -> list[dict[str, Any]]:
        """What Klartext has said there."""
        return [message for message in self.messages(place) if message["user"] == BOT_USER]

    def press(self, place: str, message: dict[str, Any], label: str) -> None:
        """A button of a message."""
        blocks = [block for block in message["blocks"] if block["type"] == "actions"]
        buttons = [(block, element) for block in blocks for element in block["elements"]]
        block, button = next(pair for pair in buttons if pair[1].get("text", {}).get("text") == label)
        action = {**button, "block_id": block.get("block_id", "b1"), "action_ts": "1.1"}
        self.do("interact", channel=place, messageTs=message["ts"], user=MARA, action=action)

    async def submit(self, values: dict[str, Any]) -> None:
        """Send the modal on top."""
        await self._page.send_json({"t": "view_submit", "user": MARA, "values": values})

    def direct(self) -> str:
        """The direct message of Mara and Klartext."""
        channels = self._http.get("/_control/state").json()["channels"]
        return next(str(channel["id"]) for channel in channels if channel["is_im"])


@asynccontextmanager
async def desk(mode: str) -> AsyncIterator[Desk]:
    """local-slack and `klartext serve`, talking with each other."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "slack.json"
        config.write_text(json.dumps(_workspace(mode)), "utf-8")
        environ = {
            "KLARTEXT_DATABASE_URL": f"sqlite:///{folder}/klartext.db",
            "KLARTEXT_GLOSSARY": str(GLOSSARY),
            "KLARTEXT_SLACK_BOT_TOKEN": BOT_TOKEN,
            "KLARTEXT_SLACK_API_URL": f"http://localhost:{SLACK}/api/",
        }
        secret = "KLARTEXT_SLACK_SIGNING_SECRET" if mode == "events" else "KLARTEXT_SLACK_APP_TOKEN"
        environ[secret] = SECRET if mode == "events" else APP_TOKEN
        serve = [sys.executable, "-m", "bot", "serve", "--port", str(KLARTEXT)]
        with running(str(LOCAL_SLACK), "--config", str(config), "--port", str(SLACK)):
            await until(lambda: _answers(f"http://localhost:{SLACK}/_control/state"))
            with running(*serve, **environ), httpx.Client(base_url=f"http://localhost:{SLACK}") as http:
                await until(lambda: _answers(f"http://127.0.0.1:{KLARTEXT}/readyz"))
                url = f"ws://localhost:{SLACK}/ui"
                async with aiohttp.ClientSession() as session, session.ws_connect(url) as page:
                    people = Desk(http, page)
                    watching = asyncio.create_task(people.watch())
                    await asyncio.sleep(1)  # a socket opens a moment after the start
                    yield people
                    watching.cancel()


def _workspace(mode: str) -> dict[str, Any]:
    app = {
        "appId": "A00FAKEAPP01",
        "botUserId": BOT_USER,
        "botName": "klartext",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SECRET,
        "mode": mode,
        "requestUrl": f"http://127.0.0.1:{KLARTEXT}/slack/events",
    }
    people = {MARA: "mara", SVEN: "sven"}
    members = [MARA, SVEN, BOT_USER]
    return {
        "workspace": {"name": "Acme", "domain": "acme", "teamId": TEAM},
        "app": app,
        "users": [{"id": id_, "name": name, "real_name": name.title()} for id_, name in people.items()],
        "channels": [
            {"id": MARKETING, "name": "marketing", "members": members},
            {"id": SALES, "name": "vertrieb", "members": members},
        ],
    }


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.HTTPError:
        return False


async def local_slack(mode: str) -> None:
    """The whole loop, as a person goes through it."""
    async with desk(mode) as people:
        for place, says in ((MARKETING, "ein Formular ausgefüllt"), (SALES, "Kontakt mit Budget")):
            people.do("command", channel=place, user=MARA, command="/define", text="lead")
            answer = await until(partial(people.from_us, place))
            step(
                f"/define lead in {place}, privately", answer and says in seen(answer[0]["blocks"]), answer
            )
            step("… only for whoever asked", answer and answer[0].get("ephemeral_to") == MARA, answer)
        card = people.from_us(MARKETING)[0]
        people.press(MARKETING, card, "Mehr")
        more = await until(lambda: "Weniger" in labels(people.from_us(MARKETING)[0]["blocks"]))
        step("«Mehr» changes the card in place", more, labels(people.from_us(MARKETING)[0]["blocks"]))
        people.press(MARKETING, people.from_us(MARKETING)[0], "Dem Kanal zeigen")
        shown = await until(lambda: [m for m in people.from_us(MARKETING) if not m.get("ephemeral_to")])
        step("«Dem Kanal zeigen» posts it", shown and "Geteilt von" in seen(shown[0]["blocks"]), shown)
        people.press(MARKETING, people.from_us(MARKETING)[0], "Bei uns heisst das anders")
        opened = await until(lambda: people.views)
        step(
            "«Bei uns heisst das anders» opens a form",
            opened and opened[-1]["callback_id"] == "glossary.differs",
        )
        value = {"type": "plain_text_input", "value": "Bei uns erst nach dem Gespräch"}
        await people.submit({"text:1": {"lines": value}})
        thanks = await until(lambda: people.views and "Danke" in seen(people.views[-1]["blocks"]))
        step("… which says thank you when it is sent", thanks, people.views)
        people.do("open-home", user=MARA)
        home = await until(lambda: people.homes.get(MARA))
        step("the Home tab shows a page", home and "Klartext" in seen(home["blocks"]), home)
        await _writing(people)


async def _writing(people: Desk) -> None:
    question = f"<@{BOT_USER}> was heisst Opportunity?"
    asked = people.do("message", channel=SALES, user=SVEN, text=question)["message"]
    answers = await until(lambda: [m for m in people.from_us(SALES) if m.get("thread_ts") == asked["ts"]])
    step(
        "a mention is answered in its thread",
        answers and "Verkaufschance" in seen(answers[0]["blocks"]),
        answers,
    )
    place = people.direct()
    people.do("message", channel=place, user=MARA, text="was ist ein MQL?")
    answer = await until(lambda: people.from_us(place))
    step("a direct message is answered in place", answer and "MQL" in seen(answer[0]["blocks"]), answer)
