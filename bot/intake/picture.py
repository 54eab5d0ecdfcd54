"""The analysis of a landscape as lines and as a picture (Mermaid text). Pure.

Mermaid reads markup, so every name stands in quotes, and what ends them is written as an entity code.
"""

from collections.abc import Callable, Iterator, Sequence
from string import ascii_letters, digits

from bot.i18n import say
from bot.intake.landscape import Connected, Interfaces, Planned, Via
from bot.intake.texts import localised
from bot.text.clean import visible

Namer = Callable[[str], str]

_PLAIN = frozenset(ascii_letters + digits + " -äöüÄÖÜßéèàç")
_KEYWORDS = frozenset(
    {"end", "graph", "subgraph", "style", "class", "click", "default", "direction", "flowchart"}
)
_CODES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\\": "#92;"}
_MAX_LABEL = 60


def lines(found: Interfaces, name: Namer, language: str) -> list[str]:
    """One line per connection: connected, via, planned, missing, unknown. Names are literal text."""
    return [
        *(
            say(
                language,
                "intake.link.connected",
                **_ends(one, name),
                data=localised(one.data, language),
                frequency=say(language, f"intake.frequency.{one.frequency}"),
            )
            for one in found.connected
        ),
        *(say(language, "intake.link.via", **_ends(one, name), via=name(one.via)) for one in found.via),
        *(_planned(one, name, language) for one in found.planned),
        *_missing(found, name, language),
        *(say(language, "intake.link.unknown", name=one) for one in found.unknown),
    ]


def mermaid(systems: Sequence[str], found: Interfaces, name: Namer, language: str) -> str:
    """The systems chosen, those that lie between them, and how data flow; what is missing is dotted."""
    nodes = dict.fromkeys(one for one in systems if one not in found.unknown)
    nodes |= dict.fromkeys(one.via for one in found.via)
    return "\n".join(
        [
            "graph LR",
            *(f"  {_node(one)}[{_quoted(name(one))}]" for one in nodes),
            *(f"  unknown{at}[{_quoted(one)}]" for at, one in enumerate(found.unknown, 1)),
            *(f"  {edge}" for edge in _edges(found, language)),
        ]
    )


def _ends(link: Connected | Planned | Via, name: Namer) -> dict[str, str]:
    arrow = "↔" if link.direction == "two_way" else "→"
    return {"from_": name(link.from_), "to": name(link.to), "arrow": arrow}


def _planned(link: Planned, name: Namer, language: str) -> str:
    key = "planned" if link.planned_for else "planned_open"
    values = _ends(link, name) | {"data": localised(link.data, language), "when": link.planned_for or ""}
    return say(language, f"intake.link.{key}", **values)


def _missing(found: Interfaces, name: Namer, language: str) -> Iterator[str]:
    for one in found.missing:
        key = "missing_by_hand" if one.today else "missing"
        data = localised(one.data or {}, language)
        yield say(language, f"intake.link.{key}", from_=name(one.from_), to=name(one.to), data=data)


def _edges(found: Interfaces, language: str) -> Iterator[str]:
    for one in found.connected:
        arrow = "<-->" if one.direction == "two_way" else "-->"
        yield f"{_node(one.from_)} {arrow}|{_label(_first(one.data, language))}| {_node(one.to)}"
    for (start, end), both in _legs(found).items():
        yield f"{_node(start)} {'<-->' if both else '-->'} {_node(end)}"
    for plan in found.planned:
        arrow = "<-.->" if plan.direction == "two_way" else "-.->"
        label = f"{say(language, 'intake.picture.planned')} {plan.planned_for or ''}".strip()
        yield f"{_node(plan.from_)} {arrow}|{_label(label)}| {_node(plan.to)}"
    for gap in found.missing:
        arrow = "-.->" if gap.today else "-.-"
        yield f"{_node(gap.from_)} {arrow}|{say(language, 'intake.picture.missing')}| {_node(gap.to)}"


def _legs(found: Interfaces) -> dict[tuple[str, str], bool]:
    """The ways over systems that nobody chose, each once, and whether data also flow back."""
    drawn = {frozenset({one.from_, one.to}) for one in found.connected}
    legs: dict[tuple[str, str], bool] = {}
    for link in found.via:
        for start, end in ((link.from_, link.via), (link.via, link.to)):
            if (end, start) in legs:
                legs[end, start] = True
            elif frozenset({start, end}) not in drawn:
                legs[start, end] = legs.get((start, end), False) or link.direction is not None
    return legs


def _first(data: dict[str, str], language: str) -> str:
    """The first of several things: there is little room on an arrow."""
    return localised(data, language).partition(",")[0]


def _node(id_: str) -> str:
    return f"{id_}_" if id_ in _KEYWORDS else id_


def _label(text: str) -> str:
    return text if _PLAIN.issuperset(text) else _quoted(text)


def _quoted(text: str) -> str:
    line = " ".join(visible(text).split())[:_MAX_LABEL]
    return '"' + "".join(_CODES.get(char, char) for char in line) + '"'
