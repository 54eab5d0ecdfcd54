"""What people and chat programs send, turned into plain text that is safe to read and to show.

Everything here is linear in the length of the text and never raises, whatever the text holds.
"""

import html
import re
import unicodedata

MAX_TEXT = 4_000  # characters that are read; Slack's own limit for a message is 40,000

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACE_CONTROLS = frozenset("\t\n\r\v\f")
_MARKS_IN_A_ROW = 2  # Vietnamese needs two; "zalgo" stacks dozens

_MENTION = re.compile(r"<[@!][^<>\s]{1,80}>|<at>[^<>]{0,80}</at>|<@[^<>|]{1,40}\|[^<>]{0,80}>")
_CHANNEL = re.compile(r"<#[^<>|]{1,40}(?:\|([^<>]{0,80}))?>")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>|\s]{1,2000}(?:\|([^<>]{0,200}))?>")
_BARE_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,2000}")
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]{2,40}:(?::skin-tone-\d:)?")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_STYLE = re.compile(r"[*`~]+")
_UNDERSCORES = re.compile(r"_+")
_TERMINAL = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\))")
_SPACES = re.compile(r"\s+")
# letters of western Europe, punctuation, signs and arrows: visible, composed, no accent of its own
_PLAINLY_VISIBLE = re.compile(
    r"[\t\n -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u22ff]*"
)


def visible(text: str) -> str:
    """The text without control, bidi, zero-width and surrogate characters and stacked accents.

    Letters, accents and line breaks stay as they were typed.
    """
    if _PLAINLY_VISIBLE.fullmatch(text):
        return text
    text = _TERMINAL.sub("", text)
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text):
        category = unicodedata.category(char)
        if category in _INVISIBLE:
            if char in _SPACE_CONTROLS:
                kept.append(char)
            continue
        marks = marks + 1 if category == "Mn" else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def plain(text: str) -> str:
    """One line of words: chat markup, mentions, links and emoji are gone, `&amp;` is `&`.

    Reads at most `MAX_TEXT` characters: what follows in a longer message is no question.
    """
    text = visible(text[:MAX_TEXT])
    if "<" in text:
        text = _MENTION.sub(" ", text)
        text = _CHANNEL.sub(lambda found: f" {found.group(1) or ''} ", text)
        text = _LINK.sub(lambda found: f" {found.group(1) or ''} ", text)
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = visible(html.unescape(text))
    text = _EMOJI_CODE.sub(" ", _BARE_LINK.sub(" ", text))
    text = "".join(" " if unicodedata.category(char) == "So" else char for char in text)
    text = _UNDERSCORES.sub(_inside_word, _STYLE.sub(" ", text))
    return _SPACES.sub(" ", text).strip()


def _inside_word(found: re.Match[str]) -> str:
    """snake_case stays, _emphasis_ goes."""
    text, start, end = found.string, found.start(), found.end()
    inside = start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
    return found.group() if inside else " "


def shown(text: str, limit: int = 80) -> str:
    """A person's own words, short enough to be repeated to them."""
    text = _SPACES.sub(" ", visible(text[: limit * 4])).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def typed(answer: object, limit: int) -> str:
    """What somebody wrote into a form, as far as it can be kept; nothing if it is no text at all."""
    return visible(answer).strip()[:limit] if isinstance(answer, str) else ""
