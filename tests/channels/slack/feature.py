"""A feature of the tests' own: it replies what it is told to, and keeps what came in."""

from typing import Any

from bot.chat.events import (
    AnyEvent,
)
from bot.chat.replies import Reply, Silent
from bot.chat.router import Router
from bot.chat.ui import (
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Form,
    Option,
    PersonInput,
    SearchInput,
    Text,
    TextInput,
)
from tests.channels.slack.fake import MARA
from tests.channels.slack.workspace import Workspace, seen

CARD = Card("told", (Text("told"), Buttons((Button("Do", "do", "7"),))))
AB = (Option("a", "A"), Option("b", "B"))
FORM = Form(
    "do",
    "Title",
    (
        TextInput("what", "What?", required=False, initial="x"),
        ChoiceInput("which", "Which?", required=False, options=AB, live=True),
        PersonInput("who", "Who?", required=False, several=True),
        SearchInput("term", "Term?", required=False),
    ),
    "Send",
    "Cancel",
    {"draft": "7"},
    3,
    (Button("Back", "back"),),
)
AGAIN = Button("Open", "do", style="primary", opens=True)


class Feature:
    """Replies what it is told to, and keeps what came in."""

    def __init__(self, router: Router) -> None:
        self.reply: Reply = Silent()
        self.events: list[AnyEvent] = []
        router._texts.insert(0, (lambda event: event.command == "do" or event.text == "do", self._serve))
        router.on_action("do", self._serve)
        router.on_form("do", self._serve)
        router.on_change("do", self._serve)
        router.on_close("do", self._serve)
        router.on_options("term", self._serve)
        router.on_message("do", self._serve)

    async def _serve(self, event: AnyEvent) -> Reply:
        self.events.append(event)
        return self.reply

    @property
    def last(self) -> Any:
        """The newest event."""
        return self.events[-1]


BUTTON = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "do:1", "text": {"text": "Do"}, "value": "7"}],
    }
]


async def in_modal(workspace: Workspace, feature: Feature, reply: Reply) -> None:
    """A click opens something in a modal."""
    feature.reply = reply
    await workspace.press(BUTTON, "Do")


def top(workspace: Workspace) -> str:
    """What stands in the modal on top."""
    return seen(workspace.slack.top(MARA).shown["blocks"])
