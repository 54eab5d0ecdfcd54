"""Signs that an answer names a solution instead of a need: a product, or "a tool", "eine neue Software"."""

from itertools import pairwise

from bot.intake.coaching.dictionary import is_word
from bot.intake.coaching.reading import Reading, Token
from bot.intake.coaching.signs import Sign, at, whole

_REACH = 4  # words between "eine" and its tool
_SHORTEST_NAME = 4
_SPEAKS = frozenset({"tool wished", "tool opens", "stranger wished", "camel wished"})


def solutions(reading: Reading) -> list[Sign]:
    """Products, tools that are wished for, and unknown names where a product would stand."""
    signs = [Sign("product", start, end) for start, end in reading.product_spans]
    if reading.products and not signs:
        signs.append(whole("product"))
    tools = reading.lists.words_of("tools", reading.languages)
    for place, token in enumerate(reading.tokens):
        if not token.is_word or reading.in_product(token):
            continue
        tool = _is_tool(reading, token, tools) and _is_head(reading, place)
        if kind := _tool(reading, place) if tool else _stranger(reading, place):
            signs.append(at(kind, token, speaks_for=kind in _SPEAKS))
    return signs


def _is_tool(reading: Reading, token: Token, tools: frozenset[str]) -> bool:
    """A tool, also as the last part of a compound: Buchungstool, Termin-App, chatbot-lösung."""
    word = token.norm
    first, _, last = word.rpartition("-")
    compound = any(
        word.endswith(tool) and len(word) > len(tool) + 2 for tool in reading.lists.groups["long_tools"]
    )
    return word in tools or bool(first and last in tools) or first in {"chatbot", "app"} or compound


def _is_head(reading: Reading, place: int) -> bool:
    """Not the first part of an English compound: "a CRM admin" wishes for no CRM."""
    following = reading.tokens[place + 1] if place + 1 < len(reading.tokens) else None
    if reading.language != "en" or following is None or not following.is_word:
        return True
    return following.norm in reading.lists.words["small_words", "en"] | reading.lists.groups["tool_heads"]


def _tool(reading: Reading, place: int) -> str:
    """Whether it is wished for ("eine Software für …") or known ("im CRM", "the dashboard")."""
    groups = reading.lists.groups
    for back in range(place - 1, max(-1, place - 1 - _REACH), -1):
        word = reading.norm(back)
        if word in groups["indefinite"] or (back == 0 and word in groups["solution_wants"]):
            return "tool wished"
        if word in groups["definite"]:
            return "tool known"
    opens = all(not token.is_word for token in reading.tokens[:place])
    return "tool opens" if opens else "tool alone"


def _stranger(reading: Reading, place: int) -> str:
    """A name that no dictionary knows, where a product would stand."""
    token, text = reading.tokens[place], reading.tokens[place].text
    wished = reading.norm(place - 1) in reading.lists.groups["solution_wants"]
    if text.isalpha() and any(first.islower() and second.isupper() for first, second in pairwise(text)):
        return "camel wished" if wished else "camel case"
    if len(text) < _SHORTEST_NAME or not text.isalpha():
        return ""
    if is_word(text):
        return "name wished" if wished and reading.language == "en" and token.is_name else ""
    if wished:
        return "stranger wished"
    return "stranger opens" if not place and reading.norm(1) in reading.lists.groups["behind_name"] else ""
