"""What an invoke is answered with: plain dicts, as Teams wants them. Pure."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.channels.teams.fit import cut, fitted
from bot.channels.teams.forms import found_option
from bot.channels.teams.render import CARD, IN_DIALOG, Json, attachment, card_json
from bot.chat.ui import Card, Option, Text

_TITLE = 60  # characters of a window's title
_THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
_LIMIT_OF_RESULTS = 6_000  # bytes of one card among many


@dataclass(frozen=True, slots=True)
class Answer:
    """What an invoke is answered with: the body *is* the answer."""

    status: int
    body: Json | None = None


def replaced(card: Card) -> Answer:
    """Another card in the place of the one that was pressed."""
    return Answer(200, {"statusCode": 200, "type": CARD, "value": fitted(card, card_json)})


def notice(sentence: str) -> Answer:
    """A line that Teams shows to whoever pressed."""
    kind = "application/vnd.microsoft.activity.message"
    return Answer(200, {"statusCode": 200, "type": kind, "value": sentence})


def dialog(title: str, content: Json) -> Answer:
    """A page of a dialog, the first one or the next."""
    shown = {
        "title": cut(title, _TITLE),
        "height": "medium",
        "width": "medium",
        "card": attachment(content),
    }
    return Answer(200, {"task": {"type": "continue", "value": shown}})


def dialog_card(card: Card) -> Answer:
    """A card in a dialog: what comes of it, or something to read."""
    return dialog(card.summary, fitted(card, lambda shorter: card_json(shorter, IN_DIALOG)))


def farewell(sentence: str) -> Answer:
    """The end of a dialog, with a sentence."""
    return Answer(200, {"task": {"type": "message", "value": sentence}})


def closed() -> Answer:
    """The end of a dialog without a word."""
    return Answer(200)


def options(found: Iterable[Option]) -> Answer:
    """What fits to what somebody types into a search field."""
    kind = "application/vnd.microsoft.search.searchResponse"
    return Answer(200, {"type": kind, "value": {"results": [found_option(option) for option in found]}})


def insertable(found: Sequence[tuple[Option, Card]], nothing: str) -> Answer:
    """Cards that somebody can insert into what they write."""
    if not found:
        return Answer(200, {"composeExtension": {"type": "message", "text": nothing}})
    attachments = [_result(option, card) for option, card in found]
    shown = {"type": "result", "attachmentLayout": "list", "attachments": attachments}
    return Answer(200, {"composeExtension": shown})


def only_words(card: Card) -> str | None:
    """The sentences of a card that has nothing else; None if it has."""
    if not all(isinstance(element, Text) for element in card.elements):
        return None
    return "\n".join(element.text for element in card.elements if isinstance(element, Text))


def _result(option: Option, card: Card) -> Json:
    """The preview reads a little HTML."""
    text = html.escape(cut(card.summary, 200), quote=False)
    preview = {"contentType": _THUMBNAIL, "content": {"title": option.label, "text": text}}
    return attachment(fitted(card, card_json, _LIMIT_OF_RESULTS)) | {"preview": preview}
