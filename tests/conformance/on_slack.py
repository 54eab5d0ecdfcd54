"""Somebody in Slack: signed requests in, Block Kit out."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.forms import NONE, question_of
from bot.channels.slack.render import texts
from tests.channels.slack.fake import Message
from tests.channels.slack.wire import Answer
from tests.channels.slack.workspace import Blocks, _initial
from tests.conformance.building import Building
from tests.conformance.shown import Accounts, Given, Question, Shown, named, option, words


class OnSlack:
    """Sees the window on top; without one, the newest message."""

    def __init__(self, building: Building, user: str, room: str, accounts: Accounts) -> None:
        self._building = building
        self._workspace = building.workspace
        self._user = user
        self._accounts = accounts
        self._blocks: Blocks = []
        self._message: Message | None = None
        self._direct = f"D{user[1:]}"
        self._room = room or self._direct
        self._place = self._room
        self._errors: dict[str, str] = {}
        self._typed: dict[str, Any] = {}  # what stays in a window that is still the same page
        self._mark = (0, 0)

    @property
    def shown(self) -> Shown:
        """The window or the message."""
        windows = self._workspace.slack.windows[self._user]
        if windows:
            return _view(windows[-1].shown, self._errors, self._typed, self._accounts)
        return _read(self._blocks)

    async def say(self, text: str) -> None:
        """A direct message."""
        self._begin()
        self._place = self._direct
        await self._workspace.direct(text, user=self._user)
        await self._look()

    async def command(self, name: str, text: str) -> None:
        """A slash command."""
        self._begin()
        self._place = self._room
        answer = await self._workspace.slash(text, user=self._user, place=self._place, command=f"/{name}")
        await self._look(answer)

    async def mention(self, text: str) -> None:
        """A post that mentions Klartext."""
        self._begin()
        self._place = self._room
        await self._workspace.mention(text, user=self._user, place=self._room)
        await self._look()

    async def explain(self, message: str) -> None:
        """The message shortcut."""
        self._begin()
        await self._workspace.shortcut("glossary.explain", message, user=self._user)
        await self._look()

    async def press(self, label: str) -> None:
        """In the window, or below the message."""
        if self._workspace.slack.windows[self._user]:
            self._errors = {}
            if label == self._workspace.slack.top(self._user).shown.get("submit", {}).get("text"):
                await self.fill({})
                return
            await self._workspace.press_modal(label, user=self._user)
            await self._look()
            return
        mark = self._newest()
        await self._press_message(label)
        self._mark = mark
        await self._look()

    async def press_old(self, action: str, value: str) -> None:
        """A button that nobody draws any more."""
        self._begin()
        button = {"type": "button", "action_id": f"{action}:1", "text": {"text": "?"}, "value": value}
        await self._workspace.press(
            [{"type": "actions", "elements": [button]}], "?", user=self._user, place=self._place
        )
        await self._look()

    async def fill(self, answers: Mapping[str, Given], button: str | None = None) -> None:
        """Send the window, or press one of its buttons."""
        given = {**self._typed, **self._given(answers)}
        self._errors, self._typed = {}, {}
        if button is not None:
            asked = self._asked()
            await self._workspace.press_modal(button, given, user=self._user)
            await self._look()
            self._typed = given if self._asked() == asked else {}
            return
        before = self._newest()
        answer = await self._workspace.submit(given, user=self._user)
        assert answer.status == 200, answer
        if isinstance(answer.body, dict) and answer.body.get("response_action") == "errors":
            self._errors = {question_of(id_): text for id_, text in answer.body["errors"].items()}
            self._typed = given
        self._mark = before
        await self._look()

    async def change(self, question: str, answers: Mapping[str, Given]) -> None:
        """Slack tells of a live answer at once; what was typed stays in the window."""
        self._errors, self._typed = {}, {**self._typed, **self._given(answers)}
        await self._workspace.change(question, self._typed, user=self._user)
        await self._look()

    async def wait(self, seconds: float = 0) -> None:
        """See what the jobs post."""
        self._building.clock.move(seconds)
        await self._look()

    def _asked(self) -> list[str]:
        """The questions of the window: as long as they are the same, Slack keeps what was typed."""
        windows = self._workspace.slack.windows[self._user]
        blocks = windows[-1].shown["blocks"] if windows else []
        return [block["block_id"] for block in blocks if block["type"] == "input"]

    def _begin(self) -> None:
        self._workspace.slack.windows[self._user].clear()
        self._errors, self._typed = {}, {}
        self._mark = self._newest()

    def _newest(self) -> tuple[int, int]:
        return len(self._workspace.slack.messages), len(self._workspace.slack.replies)

    async def _press_message(self, label: str) -> None:
        if self._message is None:
            await self._workspace.press(self._blocks, label, user=self._user, place=self._place)
        else:
            await self._workspace.press_post(
                Message(self._message.channel, self._message.ts, {"blocks": self._blocks}),
                label,
                user=self._user,
            )

    async def _look(self, answer: Answer | None = None) -> None:
        """What is new since the mark: an answer, a reply to a click, or a message that one can see."""
        await self._workspace.settle()
        await self._building.work()
        posted, replied = self._mark
        slack = self._workspace.slack
        if answer is not None and answer.body:
            self._blocks, self._message = answer.body["blocks"], None
        for message in slack.messages[posted:]:
            if message.channel == self._place and message.only in {None, self._user}:
                self._blocks, self._message = message.blocks, message if message.only is None else None
        for _, body in slack.replies[replied:]:
            self._blocks = body["blocks"]
            self._message = self._message if body.get("replace_original") else None
        self._mark = self._newest()

    def _given(self, answers: Mapping[str, Given]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for id_, value in self._accounts.out(answers).items():
            given[id_] = value or (None if isinstance(value, str) else ())
        return given


def _read(blocks: Blocks) -> Shown:
    body = [block for block in blocks if block["type"] != "actions"]
    return Shown(words(texts(body)), _buttons(blocks))


def _view(
    view: dict[str, Any], errors: Mapping[str, str], typed: Mapping[str, Any], accounts: Accounts
) -> Shown:
    blocks = view["blocks"]
    alerts = [block for block in blocks if block["type"] == "alert"]
    body = [block for block in blocks if block["type"] not in {"input", "actions", "alert"}]
    questions = [_question(block, errors, typed, accounts) for block in blocks if block["type"] == "input"]
    if not view.get("submit"):
        return Shown(words(texts(body)), _buttons(blocks))
    return Shown(
        words(texts(body)),
        named((*_buttons(blocks), view["submit"]["text"], view["close"]["text"])),
        tuple(questions),
        view["title"]["text"],
        words(texts(alerts)),
    )


def _question(
    block: dict[str, Any], errors: Mapping[str, str], typed: Mapping[str, Any], accounts: Accounts
) -> Question:
    element, id_ = block["element"], question_of(block["block_id"])
    initial = typed.get(id_, _initial(element)) or ()
    values = (initial,) if isinstance(initial, str) else tuple(initial)
    groups = element.get("option_groups") or [{"options": element.get("options", ())}]
    options = [one for group in groups for one in group["options"] if one["value"] != NONE]
    return Question(
        id_,
        block["label"]["text"],
        words(texts(block.get("hint", {}))),
        not block["optional"],
        accounts.named(value for value in values if value != NONE),
        tuple(option(one["value"], " ".join(texts(one))) for one in options),
        errors.get(id_, ""),
    )


def _buttons(blocks: Blocks) -> tuple[str, ...]:
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    found = [one["text"]["text"] for one in elements if one["type"] == "button"]
    found += [choice["text"]["text"] for one in elements for choice in one.get("options", ())]
    return named(found)
