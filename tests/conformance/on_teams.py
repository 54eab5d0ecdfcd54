"""Somebody in Teams: activities with a token of Microsoft in, Adaptive Cards out."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from bot.channels.teams.render import CARD
from bot.i18n import LANGUAGES, say
from tests.channels.teams.kit import Teammate, actions, in_dialog, inputs
from tests.channels.teams.microsoft import Json
from tests.conformance.building import Building
from tests.conformance.shown import Accounts, Given, Question, Shown, named, option, words

_OPENS = say("de", "request.continue")  # the button of a form that no command can open
_NONE = "%"  # "no answer"
_OWN = {
    say(language, f"teams.{key}")
    for language in LANGUAGES
    for key in ("look_again", "more_questions", "more_to_read")
}


class OnTeams:
    """Sees the dialog that is open; without one, the newest card."""

    def __init__(self, building: Building, name: str, room: str, accounts: Accounts) -> None:
        self._building = building
        self._accounts = accounts
        self._chat = Teammate(building.site, building.microsoft, name)
        self._room = room
        self._team = Teammate(building.site, building.microsoft, name, "channel", channel=room)
        self._here = self._team if room else self._chat
        self._card: Json = {}
        self._message = ""
        self._dialog: Json | None = None
        self._notice = ""
        self._seen = 0

    @property
    def shown(self) -> Shown:
        """The dialog, the card, or a line at the button."""
        if self._dialog is not None:
            return _form(self._dialog["title"], in_dialog_of(self._dialog), self._accounts)
        return Shown(words([self._notice])) if self._notice else _card(self._card)

    async def say(self, text: str) -> None:
        """In the 1:1 chat."""
        await self._write(self._chat, self._chat.say(text))

    async def command(self, name: str, text: str) -> None:
        """A command of the slash menu. A dialog opens only from a click, so they click."""
        if self._room:
            await self._write(self._team, self._team.pick(f"{name} {text}".strip()))
        else:
            await self._write(self._chat, self._chat.say(f"/{name} {text}".strip()))
        if list(actions(self._card)) == [_OPENS]:
            await self.press(_OPENS)

    async def mention(self, text: str) -> None:
        """A post that mentions Klartext."""
        await self._write(self._team, self._team.mention(text))

    async def explain(self, message: str) -> None:
        """The action of the message extension."""
        self._here = self._team
        value = {
            "commandId": "glossary.explain",
            "commandContext": "message",
            "messagePayload": {"id": "m0", "body": {"contentType": "text", "content": message}},
        }
        answer = await self._team.invoke("composeExtension/fetchTask", value)
        await self._taken(answer.json())

    async def press(self, label: str) -> None:
        """An action of the dialog or of the card."""
        shown = in_dialog_of(self._dialog) if self._dialog is not None else self._card
        given = _standing(shown) if self._dialog is not None else {}
        mark = self._calls()
        await self._taken(await self._here.press(actions(shown)[label], self._message, **given), mark)

    async def press_old(self, action: str, value: str) -> None:
        """A button that nobody draws any more."""
        own = {"klartext": {"action": action, "value": value}}
        mark = self._calls()
        pressed = {"type": "Action.Execute", "title": "?", "verb": action, "data": own}
        await self._taken(await self._here.press(pressed, self._message), mark)

    async def fill(self, answers: Mapping[str, Given], button: str | None = None) -> None:
        """Send the dialog with what was typed."""
        assert self._dialog is not None, self._card
        page = in_dialog_of(self._dialog)
        given = _standing(page) | self._given(page, answers)
        label = button or page["actions"][0]["title"]
        mark = self._calls()
        await self._taken(await self._here.press(actions(page)[label], self._message, **given), mark)

    async def change(self, question: str, answers: Mapping[str, Given]) -> None:  # noqa: ARG002
        """Teams asks for what follows from an answer when the page is sent: the page comes back with it."""
        await self.fill(answers)

    async def wait(self, seconds: float = 0) -> None:
        """See what the jobs post."""
        self._building.clock.move(seconds)
        await self._building.work()
        self._look(self._seen)

    def look(self, since: int) -> None:
        """See the newest card that came after so many calls of Klartext."""
        self._here, self._dialog, self._notice = self._chat, None, ""
        self._look(since)

    async def _write(self, here: Teammate, sending: Any) -> None:
        self._here, self._dialog, self._notice = here, None, ""
        mark = self._calls()
        answer = await sending
        assert answer.status_code == 202, answer.text
        await self._building.work()
        self._look(mark)

    async def _taken(self, answer: Json, mark: int | None = None) -> None:
        """What an invoke was answered with; what else came of it."""
        mark = self._calls() if mark is None else mark
        was_dialog, self._dialog, self._notice = self._dialog is not None, None, ""
        await self._building.site.teams.background.drain(30)
        await self._building.work()
        if "task" in answer:
            self._task(answer["task"])
        elif answer.get("type") == CARD:
            self._card = answer["value"]
        elif not self._look(mark) and answer:
            self._notice = answer["value"]
        elif was_dialog and not answer:
            self._card = {}

    def _task(self, task: Json) -> None:
        if task["type"] == "message":
            self._notice = task["value"]
            return
        shown = task["value"]["card"]["content"]
        if any(data.get("klartext", {}).get("form") for data in map(_data, actions(shown).values())):
            self._dialog = task["value"]
        else:
            self._card, self._dialog = shown, None

    def _look(self, mark: int) -> bool:
        """The newest card that this person can see here."""
        self._seen = self._calls()
        where = self._here.conversation["id"].partition(";")[0]
        for at, call in enumerate(self._building.microsoft.calls[mark:], start=mark + 1):
            is_new = call.method == "post" and "attachments" in call.body.get("activity", call.body)
            named = call.body.get("channelData", {}).get("channel", {}).get("id", "")
            if is_new and (where in call.path or named == where):
                self._card, self._message = call.card, f"m{at}"
                return True
        return False

    def _calls(self) -> int:
        return len(self._building.microsoft.calls)

    def _given(self, page: Json, answers: Mapping[str, Given]) -> dict[str, str]:
        known = inputs(page)
        given = {}
        for id_, value in self._accounts.out(answers).items():
            drawn = known[f"answer.{id_}"]
            given[f"answer.{id_}"] = _sent(drawn, value)
        return given


def in_dialog_of(dialog: Json) -> Json:
    """The card of a dialog."""
    return in_dialog({"task": {"value": dialog}})


def _data(action: Json) -> Json:
    found: Json = action.get("data", {})
    return found


def _sent(drawn: Json, value: Given) -> str:
    """An answer as the client writes it: choices escaped, several joined by commas."""
    if drawn["type"] != "Input.ChoiceSet":
        return str(value)
    values = (value,) if isinstance(value, str) else value
    return ",".join(quote(one, safe=" ") for one in values) or _NONE


def _standing(page: Json) -> dict[str, str]:
    return {id_: str(shown.get("value", "")) for id_, shown in inputs(page).items()}


def _card(card: Json) -> Shown:
    return Shown(words(_texts(card)), named(_pressable(card)))


def _pressable(card: Json) -> list[str]:
    """Without what only unfolds: what is inside stands open for whoever reads here."""
    return [title for title, action in actions(card).items() if action["type"] != "Action.ToggleVisibility"]


def _form(title: str, card: Json, accounts: Accounts) -> Shown:
    body, questions = card["body"], []
    texts: list[str] = []
    general: list[str] = []
    for at, part in enumerate(body):
        if str(part["type"]).startswith("Input."):
            questions.append(_question(part, body[at + 1 :], accounts))
    belongs = {id(one) for at, part in enumerate(body) if _is_input(part) for one in _below(body[at + 1 :])}
    for part in body:
        if _is_input(part) or id(part) in belongs:
            continue
        (general if _is_error(part) else texts).extend(t for t in _texts(part) if t not in _OWN)
    return Shown(words(texts), named(_pressable(card)), tuple(questions), title, words(general))


def _question(part: Json, after: list[Json], accounts: Accounts) -> Question:
    id_ = part["id"].removeprefix("answer.")
    label, optional = part["label"], say("de", "teams.optional", label="").strip()
    below = _below(after)
    values = [value for value in str(part.get("value", "")).split(",") if value not in {"", _NONE}]
    if part["type"] == "Input.Text":
        values = [part["value"]] if part.get("value") else []
    choices = [] if "choices.data" in part else part.get("choices", ())
    return Question(
        id_,
        label.removesuffix(optional).strip(),
        words(text for one in below if not _is_error(one) for text in _texts(one)),
        not label.endswith(optional),
        accounts.named(unquote(value) if part["type"] == "Input.ChoiceSet" else value for value in values),
        tuple(option(unquote(one["value"]), one["title"]) for one in choices if one["value"] != _NONE),
        words(text for one in below if _is_error(one) for text in _texts(one)),
    )


def _below(after: list[Json]) -> list[Json]:
    """The hint and the error of a question: what stands close under it."""
    found = []
    for part in after:
        if part["type"] != "RichTextBlock" or part.get("spacing") not in {"Small", "None"}:
            break
        found.append(part)
    return found


def _is_input(part: Json) -> bool:
    return str(part["type"]).startswith("Input.")


def _is_error(part: Json) -> bool:
    return any(run.get("color") == "Attention" for run in part.get("inlines", ()))


def _only_asks(inside: list[Json]) -> bool:
    """Whether this is the question before something is done, which elsewhere opens with the button."""
    last = inside[-1]
    return last["type"] == "ActionSet" and "ToggleVisibility" not in last["actions"][0]["type"]


def _texts(drawn: Any) -> list[str]:
    """What is read, without what stands on buttons; the title of what is folded is read, too."""
    if isinstance(drawn, list):
        return [text for part in drawn for text in _texts(part)]
    if not isinstance(drawn, dict):
        return []
    if drawn.get("isVisible") is False and _only_asks(drawn["items"]):
        return []
    if drawn.get("type") == "ActionSet":
        return [one["title"] for one in drawn["actions"] if one["type"] == _UNFOLD and "style" not in one]
    own = [drawn["text"]] if isinstance(drawn.get("text"), str) else []
    return own + [text for name, part in drawn.items() if name in _INSIDE for text in _texts(part)]


_UNFOLD = "Action.ToggleVisibility"  # with a style it is a button that asks first
_INSIDE = ("body", "items", "inlines", "rows", "cells", "columns")
