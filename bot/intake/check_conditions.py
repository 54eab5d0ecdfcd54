"""Mistakes in the conditions of a flow file: what they name, when, and what they compare it with."""

from collections.abc import Iterator
from typing import Any, get_args

from bot.files.findings import Finding, nearest
from bot.intake.conditions import FACTS, UNKNOWN, Comparison
from bot.intake.model import SEVERAL, OptionSource
from bot.intake.outline import Asked, Node, Outline, comparisons

_COUNTED = SEVERAL | {"number"}
_SHOWN = 15  # of many systems or terms
_OF_SYSTEMS = ("interfaces.", "landscape.")  # facts that exist only if systems are asked for
_NO_SYSTEMS = {"", *get_args(OptionSource)} - {"landscape.systems"}


def conditions(outline: Outline) -> Iterator[Finding]:
    """Every condition of the file."""
    for step in outline.steps:
        first = next((one.number for one in outline.questions if one.step is step), 0)
        yield from _condition(outline, step, "show_if", first)
    for question in outline.questions:
        yield from _condition(outline, question, "show_if", question.number)
    for rule in outline.root.nodes("rules"):
        yield from _condition(outline, rule, "when", len(outline.questions))


def _condition(outline: Outline, node: Node, key: str, number: int) -> Iterator[Finding]:
    if key == "show_if" and node.data.get(key) == {}:
        yield outline.finding((*node.keys, key), "empty_condition", key=key)
    understood = comparisons(node, key)
    for name in node.node(key).data:
        keys = (*node.keys, key, name)
        if understood.get(name) == Comparison():
            yield outline.finding(keys, "empty_condition", key=name)
        question = outline.by_id.get(name)
        if question is None:
            yield from _fact(outline, name, understood.get(name), keys)
        elif question.number >= number:
            code = "own_condition" if isinstance(node, Asked) and node.id == name else "later_question"
            yield outline.finding(keys, code, name=name)
        elif question.type == "markdown":
            yield outline.finding(keys, "no_answer", name=name)
        elif name in understood:
            yield from _comparison(outline, question, understood[name], keys)


def _fact(
    outline: Outline, name: str, comparison: Comparison | None, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    if name not in FACTS:
        known = [*outline.by_id, *FACTS]
        yield outline.finding(keys, "unknown_question", value=name, hint=nearest(name, known))
        return
    sources = {question.text("options_from") for question in outline.questions}
    if name.startswith(_OF_SYSTEMS) and sources <= _NO_SYSTEMS:
        yield outline.finding(keys, "no_systems_question", name=name)
    if comparison:
        yield from _fact_comparison(outline, name, comparison, keys)


def _fact_comparison(
    outline: Outline, name: str, comparison: Comparison, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    counted = (comparison.more_than, comparison.less_than) != (None, None)
    literals = comparison.literals()
    equals = [
        one for one in (comparison.is_, comparison.not_, *(comparison.one_of or ())) if one is not None
    ]
    match FACTS[name]:
        case "truth" if counted or any(not isinstance(one, bool) for one in literals):
            yield outline.finding(keys, "truth_fact", name=name)
        case "list" if equals:
            yield outline.finding(keys, "list_fact", name=name)
        case "text" if counted:
            yield outline.finding(keys, "not_countable", name=name)
        case _:
            known = outline.chosen_from.get(name, [])
            for literal in literals:
                if known and not isinstance(literal, bool) and literal not in known:
                    values = _choices(str(literal), known)
                    yield outline.finding(keys, "unknown_option", name=name, **values)


def _comparison(
    outline: Outline, question: Asked, comparison: Comparison, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    several = question.type in SEVERAL
    if (comparison.includes or comparison.excludes) and not several:
        yield outline.finding(keys, "includes_one", name=question.id)
    alone = [comparison.is_, comparison.not_, *(comparison.one_of or ())]
    if several and any(one is not None and not isinstance(one, bool) for one in alone):
        yield outline.finding(keys, "use_includes", name=question.id)
    if question.type not in _COUNTED and (comparison.more_than, comparison.less_than) != (None, None):
        yield outline.finding(keys, "not_countable", name=question.id)
    for literal in comparison.literals():
        yield from _literal(outline, question, literal, keys)


def _literal(
    outline: Outline, question: Asked, literal: Any, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    """A value that is compared with must be one that can be chosen."""
    options = outline.options(question)
    own = ["other"] if question.data.get("allow_other") is True else []
    if literal == UNKNOWN:
        yield outline.finding(keys, "compares_unknown", name=question.id)
    elif options and not isinstance(literal, bool) and str(literal) not in [*options, *own]:
        yield outline.finding(keys, "unknown_option", name=question.id, **_choices(str(literal), options))


def _choices(value: str, known: list[str]) -> dict[str, str]:
    shown = [*known[:_SHOWN], "…"] if len(known) > _SHOWN else known
    return {"value": value, "hint": nearest(value, known), "known": ", ".join(shown)}
