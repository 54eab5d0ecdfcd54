"""Signs that an answer names a solution instead of a need: a product, or "a tool", "eine neue Software"."""

from collections.abc import Sequence
from functools import lru_cache

from simplemma import is_known

from bot.intake.coaching.reading import Reading, Token
from bot.intake.coaching.signs import Sign, at

_INDEFINITE = frozenset(
    ["ein", "eine", "einen", "einem", "einer", "so'n", "ne", "nen", "irgendein", "irgendeine", "neue", "neuer", "neues", "neuen", "weiteres", "weitere", "a", "an", "some", "another", "any", "new", "kind", "type", "sort", "our", "own", "eigene", "eigenes", "eigenen", "anschaffung", "einführung", "kauf", "purchase", "implement", "introduce", "buy", "get"]
)
_WANTS = frozenset(
    ["brauchen", "brauche", "braucht", "bräuchten", "bräuchte", "benötigen", "benötigt", "möchten", "wollen", "will", "hätten", "bitte", "mit", "über", "durch", "per", "via", "need", "needs", "want", "wants", "get", "buy", "use", "using", "with", "through", "implement", "roll", "introduce", "install", "have", "like", "gimme", "hook"]
)
_RULES = frozenset(
    ["soll", "sollen", "muss", "müssen", "kann", "könnte", "für", "should", "must", "has", "can", "could", "for", "would", "to", "is", "lizenzen"]
)
_REACH = 4


def solutions(reading: Reading) -> list[Sign]:
    """Products, tools that are wished for, and unknown names where a product would stand."""
    signs = [Sign("product", start, end) for start, end in reading.product_spans]
    if reading.products and not signs:
        signs.append(Sign("product", 0, 0))
    tools = reading.lists.words_of("tools", reading.languages)
    for place, token in enumerate(reading.tokens):
        if not token.is_word or reading.in_product(token):
            continue
        if _is_tool(token, tools) and _is_head(reading, place):
            kind = _tool(reading.tokens, place)
            signs.append(at(kind, token, speaks_for=kind in {"tool wished", "tool opens"}))
        elif kind := _stranger(reading, place):
            signs.append(at(kind, token, speaks_for=kind == "stranger wished"))
    return signs


def _is_tool(token: Token, tools: frozenset[str]) -> bool:
    """A tool, also as the last part of a compound: Buchungstool, Termin-App."""
    word = token.norm
    if word in tools:
        return True
    parts = word.split("-")
    if len(parts) > 1 and (parts[-1] in tools or parts[0] in {"chatbot", "app"}):
        return True
    return any(word.endswith(tool) and len(word) > len(tool) + 2 for tool in _LONG_TOOLS & tools)


def _is_head(reading: Reading, place: int) -> bool:
    """Not the first part of an English compound: "a CRM admin" wishes for no CRM."""
    following = reading.tokens[place + 1] if place + 1 < len(reading.tokens) else None
    if reading.language != "en" or following is None or not following.is_word:
        return True
    return following.norm in reading.lists.words["small_words", "en"]


_LONG_TOOLS = frozenset(["tool", "software", "plattform", "programm", "werkzeug", "app"])


def _tool(tokens: Sequence[Token], place: int) -> str:
    """Whether it is wished for ("eine Software für …") or known ("im CRM", "the dashboard")."""
    for back in range(place - 1, max(-1, place - 1 - _REACH), -1):
        word = tokens[back].norm
        if word in _INDEFINITE:
            return "tool wished"
        if word in {
            "der",
            "die",
            "das",
            "dem",
            "den",
            "des",
            "im",
            "ins",
            "am",
            "zum",
            "the",
            "this",
            "our",
            "unser",
        }:
            return "tool known"
        if tokens[back].first and back == 0 and word in _WANTS:
            return "tool wished"
    opens = place == 0 or all(not token.is_word for token in tokens[:place])
    return "tool opens" if opens else "tool alone"


def _stranger(reading: Reading, place: int) -> str:
    """A name that no dictionary knows, where a product would stand."""
    token = reading.tokens[place]
    text = token.text
    if any(a.islower() and b.isupper() for a, b in zip(text, text[1:], strict=False)) and text.isalpha():
        return "camel case"
    if len(text) < 4 or not text.isalpha() or _known(text):  # noqa: PLR2004
        return ""
    before = reading.tokens[place - 1].norm if place else ""
    after = reading.tokens[place + 1].norm if place + 1 < len(reading.tokens) else ""
    if before in _WANTS:
        return "stranger wished"
    return "stranger opens" if not place and after in _RULES else ""


@lru_cache(maxsize=4096)
def _known(word: str) -> bool:
    forms = {word, word.lower(), word.capitalize()}
    return any(is_known(form, lang=lang) for form in forms for lang in ("de", "en"))
