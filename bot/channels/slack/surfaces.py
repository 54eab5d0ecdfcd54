"""How a reply goes back, for each way in which somebody can come to Slack.

A surface makes the calls that Slack ties to the moment (`views.open`, one POST to the address of an
answer) and gives the body of the acknowledgement; everything else goes through the outbox.
"""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp

from bot.channels.slack.answers import questions
from bot.channels.slack.calls import Web
from bot.channels.slack.errors import SlackAway, SlackRefused
from bot.channels.slack.forms import form_view
from bot.channels.slack.limits import VIEW_BLOCKS
from bot.channels.slack.reading import Origin
from bot.channels.slack.render import card_view, message, plain
from bot.channels.slack.sheet import Sheet
from bot.chat.ports import Outbox, RetryLater
from bot.chat.replies import Close, Errors, Home, Open, Reply, Results, Silent, Tell, Update
from bot.chat.ui import Button, Buttons, Card, Form, Text
from bot.i18n import say

Ack = str | dict[str, Any]
To = Literal["private", "thread", "public"]
View = Mapping[str, Any]

NOTHING = ""
_PATIENCE = 2.0  # seconds: the acknowledgement has to leave within three
_OK = 200
_COMPLAINT = "klartext.errors"  # the block_id of errors that stand at no question

_log = logging.getLogger(__name__)


class ReplyUrls:
    """Posts to the address that came with a click. Only to Slack's own hosts, whatever a request says."""

    def __init__(self, api_url: str) -> None:
        self.session: aiohttp.ClientSession | None = None
        self._host = urlsplit(api_url).hostname or ""

    async def post(self, url: str, body: Mapping[str, Any]) -> bool:
        """Whether Slack has taken it; False also if we cannot know."""
        host = urlsplit(url).hostname or ""
        if self.session is None or not (host == self._host or host.endswith(f".{self._host}")):
            return False
        try:
            timeout = aiohttp.ClientTimeout(total=_PATIENCE)
            async with self.session.post(url, json=body, timeout=timeout) as answer:
                if answer.status != _OK:
                    _log.warning("an answer was not taken: %s %s", answer.status, await answer.text())
                return answer.status == _OK
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("an answer was not taken: %s", type(error).__name__)
            return False


@dataclass(frozen=True, slots=True)
class Tools:
    """What all surfaces use."""

    web: Web
    outbox: Outbox
    reply_urls: ReplyUrls


@dataclass(frozen=True, slots=True)
class Surface(ABC):
    """Where a reply goes. One that does not fit here is told instead."""

    tools: Tools
    origin: Origin
    language: str

    @abstractmethod
    async def tell(self, card: Card, to: To) -> Ack:
        """Say it to whom it is for."""

    async def show(self, form: Form, button: Button | None) -> Ack:
        """Open the form; when it is too late for that, say so with the button that opens it."""
        view = form_view(form, self.sheet(form), self.language)
        if await self.view("views.open", view):
            return NOTHING
        return await self.tell(late(form, button, self.language), "private")

    async def replace(self, shown: Card | Form) -> Ack:
        """There is nothing to replace."""
        if isinstance(shown, Form):
            return await self.show(shown, None)
        return await self.tell(shown, "private")

    async def complain(self, sentences: Mapping[str, str]) -> Ack:
        """There is no form: say it."""
        lines = tuple(Text(sentence) for sentence in sentences.values())
        return await self.tell(Card(" ".join(sentences.values()), lines), "private")

    async def finish(self, card: Card | None) -> Ack:
        """There is no form."""
        return await self.tell(card, "private") if card else NOTHING

    def sheet(self, form: Form) -> Sheet:
        """What a form that is opened here knows of itself."""
        at_home = self.origin.sheet.at_home if self.origin.sheet else False
        return Sheet(self.origin.place, form.state, form.revision, at_home=at_home)

    def card_sheet(self) -> Sheet:
        """The same for a card in a modal."""
        before = self.origin.sheet or Sheet(self.origin.place)
        return replace(before, state={}, drawn=1)

    async def view(self, method: str, view: View, **where: str) -> bool:
        """Open or change a modal now. False if that was not possible."""
        if method in {"views.open", "views.push"}:
            where["trigger_id"] = self.origin.trigger
        try:
            await self.tools.web.call(method, {"view": view, **where}, _PATIENCE)
        except (SlackRefused, SlackAway, RetryLater) as error:
            _log.warning("no modal: %s", error)
            return (
                isinstance(error, SlackRefused) and error.code == "hash_conflict"
            )  # a newer change has won
        return True

    async def later(self, card: Card, to: To, root: str | None = None) -> None:
        """Through the outbox: it survives a crash, and the same event posts nothing twice."""
        outbox, place, account = self.tools.outbox, self.origin.place, self.origin.account
        key = f"slack:{self.origin.key}:{to}"
        match to:
            case "private" if place.kind == "direct":
                await outbox.direct(account, card, key)
            case "private":
                await outbox.whisper(place, account.id, card, key)
            case "thread":
                await outbox.post(replace(place, thread=root), card, key, account.id)
            case "public":
                await outbox.post(replace(place, thread=None), card, key, account.id)


@dataclass(frozen=True, slots=True)
class Command(Surface):
    """A slash command: the answer is the acknowledgement, and only the asker sees it."""

    async def tell(self, card: Card, to: To) -> Ack:
        """In the body; "thread" is private, because a command knows no thread."""
        if to == "public":
            return {"response_type": "in_channel", **message(card, self.language)}
        return command_body(card, self.language)


@lru_cache(maxsize=512)
def command_body(card: Card, language: str) -> str:
    """A private answer as JSON. The same few cards are asked for again and again."""
    return json.dumps({"response_type": "ephemeral", **message(card, language)})


@dataclass(frozen=True, slots=True)
class Post(Surface):
    """A click on a message (`own`), or a shortcut on anybody's: answered through its address."""

    own: bool = True
    root: str | None = None

    async def tell(self, card: Card, to: To) -> Ack:
        """Beside the message; public without the thread."""
        body: dict[str, Any] = {"replace_original": False, **message(card, self.language)}
        body["response_type"] = "ephemeral" if to == "private" else "in_channel"
        thread = self.origin.place.thread if to == "private" else self.root if to == "thread" else None
        if thread:
            body["thread_ts"] = thread
        if not await self.tools.reply_urls.post(self.origin.reply_url, body):
            await self.later(card, to, self.root)
        return NOTHING

    async def replace(self, shown: Card | Form) -> Ack:
        """In place."""
        if isinstance(shown, Form):
            return await self.show(shown, None)
        body = {"replace_original": True, **message(shown, self.language)}
        if self.own and await self.tools.reply_urls.post(self.origin.reply_url, body):
            return NOTHING
        return await self.tell(shown, "private")


@dataclass(frozen=True, slots=True)
class Window(Surface):
    """The Home tab, a global shortcut, or a card in a modal (`pressed`): answered in a modal."""

    pressed: View | None = None

    async def tell(self, card: Card, to: To) -> Ack:
        """On top of what is open. What goes to a channel is posted by a job, and said here."""
        if to != "private":
            await self.later(card, to, self.origin.place.thread)
            sentence = say(self.language, "slack.posted_soon")
            card = Card(sentence, (Text(sentence),))
        if not await self._on_top(card_view(card, self.card_sheet(), self.language)):
            await self.later(card, "private")
        return NOTHING

    async def show(self, form: Form, button: Button | None) -> Ack:
        """On top of what is open."""
        if not await self._on_top(form_view(form, self.sheet(form), self.language)):
            await self.later(late(form, button, self.language), "private")
        return NOTHING

    async def replace(self, shown: Card | Form) -> Ack:
        """In the same window."""
        if isinstance(shown, Form):
            return await self.show(shown, None)
        view = card_view(shown, self.card_sheet(), self.language)
        if self.pressed is None or not await self.view("views.update", view, **_at(self.pressed)):
            return await self.tell(shown, "private")
        return NOTHING

    async def _on_top(self, view: View) -> bool:
        """A window of its own; when three lie on top of each other, in the place of the last."""
        if self.pressed is None:
            return await self.view("views.open", view)
        return await self.view("views.push", view) or await self.view(
            "views.update", view, **_at(self.pressed)
        )


@dataclass(frozen=True, slots=True)
class Sent(Surface):
    """A form that was sent: the answer is the acknowledgement."""

    form: View = field(default_factory=dict)

    async def tell(self, card: Card, to: To) -> Ack:
        """The form is done; what is private is shown in its place."""
        if to != "private":
            await self.later(card, to, self.origin.place.thread)
            return NOTHING
        return _updated(card_view(card, self.card_sheet(), self.language))

    async def show(self, form: Form, button: Button | None) -> Ack:  # noqa: ARG002
        """The next page."""
        return _updated(form_view(form, self.next_sheet(form), self.language))

    async def complain(self, sentences: Mapping[str, str]) -> Ack:
        """At the questions; what belongs to none of this page stands at the first."""
        blocks = {question.id: question.block for question in questions(self.form)}
        if not blocks:
            return await Surface.complain(self, sentences)
        first = next(iter(blocks.values()))
        errors: dict[str, str] = {}
        for id_, sentence in sentences.items():
            block = blocks.get(id_, first)
            errors[block] = f"{errors[block]} {sentence}" if block in errors else sentence
        return {"response_action": "errors", "errors": errors}

    def next_sheet(self, form: Form) -> Sheet:
        """The page is drawn with answers of its own, so its block_ids are new."""
        before = self.origin.sheet or Sheet(self.origin.place)
        return replace(before, state=form.state, revision=form.revision, drawn=before.drawn + 1)


@dataclass(frozen=True, slots=True)
class Pressed(Sent):
    """A button inside a form: the answer changes the view, unless a newer change was faster."""

    async def tell(self, card: Card, to: To) -> Ack:
        """The form is done."""
        if to != "private":
            await self.later(card, to, self.origin.place.thread)
            return await self.finish(None)
        return await self._change(card_view(card, self.card_sheet(), self.language))

    async def show(self, form: Form, button: Button | None) -> Ack:  # noqa: ARG002
        """The next page."""
        return await self._change(form_view(form, self.next_sheet(form), self.language))

    async def complain(self, sentences: Mapping[str, str]) -> Ack:
        """Above the questions; what was typed stays."""
        text = "\n".join(sentences.values())
        block = {"type": "alert", "level": "error", "block_id": _COMPLAINT, "text": plain(text, 200)}
        kept = [known for known in self.form.get("blocks", ()) if known.get("block_id") != _COMPLAINT]
        names = ("type", "callback_id", "private_metadata", "title", "submit", "close", "notify_on_close")
        same = {name: self.form[name] for name in names if self.form.get(name) is not None}
        return await self._change({**same, "blocks": [block, *kept][:VIEW_BLOCKS]})

    async def finish(self, card: Card | None) -> Ack:
        """A window cannot be closed by a button: it says that it can be closed."""
        sentence = say(self.language, "slack.done")
        return await self.tell(card or Card(sentence, (Text(sentence),)), "private")

    async def _change(self, view: View) -> Ack:
        await self.view("views.update", view, **_at(self.form))
        return NOTHING


@dataclass(frozen=True, slots=True)
class Changed(Pressed):
    """An answer in an open form: the same page is drawn again, and what was typed stays."""

    async def tell(self, card: Card, to: To) -> Ack:
        """On top: the form is not done."""
        if to != "private":
            await self.later(card, to, self.origin.place.thread)
        else:
            await self.view("views.push", card_view(card, self.card_sheet(), self.language))
        return NOTHING

    def next_sheet(self, form: Form) -> Sheet:
        """The block_ids stay."""
        before = self.origin.sheet or Sheet(self.origin.place)
        return replace(before, state=form.state, revision=form.revision)


@dataclass(frozen=True, slots=True)
class Later(Surface):
    """What was written, or a window that was closed: nothing can be opened, the outbox answers."""

    root: str | None = None

    async def tell(self, card: Card, to: To) -> Ack:
        """By a job. In a direct message everything is private, and stands where it was asked."""
        place = replace(self.origin.place, thread=self.root)
        if place.kind == "direct":
            key = f"slack:{self.origin.key}:{to}"
            await self.tools.outbox.post(place, card, key, self.origin.account.id)
        else:
            await self.later(card, to, self.root)
        return NOTHING

    async def show(self, form: Form, button: Button | None) -> Ack:
        """The button that opens it."""
        return await self.tell(late(form, button, self.language, said=False), "private")


async def apply(reply: Reply, surface: Surface) -> Ack:
    """Do what the reply says; what to acknowledge with."""
    match reply:
        case Tell(card, to):
            return await surface.tell(card, to)
        case Open(form, button):
            return await surface.show(form, button)
        case Update(shown):
            return await surface.replace(shown)
        case Errors(sentences):
            return await surface.complain(sentences)
        case Close(card):
            return await surface.finish(card)
        case Home(card):
            return await surface.tell(card, "private")
        case Results() | Silent():
            return NOTHING


def late(form: Form, button: Button | None, language: str, *, said: bool = True) -> Card:
    """A form that cannot be opened now. Slack's triggers live three seconds, and a text has none."""
    sentence = say(language, "slack.too_late" if button else "slack.try_again")
    lines = (Text(sentence),) if said or button is None else (Text(form.title, "strong"),)
    return Card(form.title, (*lines, *((Buttons((button,)),) if button else ())))


def _updated(view: View) -> Ack:
    return {"response_action": "update", "view": view}


def _at(view: View) -> dict[str, str]:
    """Which view, as it was when somebody pressed: Slack refuses if it has changed since."""
    known = {"view_id": str(view["id"])}
    return known | ({"hash": str(view["hash"])} if view.get("hash") else {})
