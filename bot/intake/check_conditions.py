"""Mistakes in the conditions of a flow file: what they name, when, and what they compare it with."""

from collections.abc import Iterator
from typing import Any

from bot.files.findings import Finding, nearest
from bot.intake.conditions import FACTS, UNKNOWN, Comparison
from bot.intake.model import SEVERAL
from bot.intake.outline import Asked, Node, Outline, comparisons

_COUNTED = SEVERAL | {"number"}


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
    if node.data.get(key) == {}:
        yield outline.finding((*node.keys, key), "empty_condition", key=key)
    understood = comparisons(node, key)
    for name in node.node(key).data:
        keys = (*node.keys, key, name)
        question = outline.by_id.get(name)
        if question is None:
            yield from _fact(outline, node.node(key), name)
        elif question.number >= number:
            code = "own_condition" if isinstance(node, Asked) and node.id == name else "later_question"
            yield outline.finding(keys, code, name=name)
        elif question.type == "markdown":
            yield outline.finding(keys, "no_answer", name=name)
        elif name in understood:
            yield from _comparison(outline, question, understood[name], keys)


def _fact(outline: Outline, condition: Node, name: str) -> Iterator[Finding]:
    keys = (*condition.keys, name)
    if name not in FACTS:
        known = [*outline.by_id, *FACTS]
        yield outline.finding(keys, "unknown_question", value=name, hint=nearest(name, known))
    elif name.startswith("interfaces.") and not any(
        question.data.get("options_from") == "landscape.systems" for question in outline.questions
    ):
        yield outline.finding(keys, "no_systems_question", name=name)


def _comparison(
    outline: Outline, question: Asked, comparison: Comparison, keys: tuple[str | int, ...]
) -> Iterator[Finding]:
    several = question.type in SEVERAL
    if comparison.includes is not None and not several:
        yield outline.finding(keys, "includes_one", name=question.id)
    if several and (comparison.is_ is not None or comparison.one_of):
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
    if literal == UNKNOWN:
        yield outline.finding(keys, "compares_unknown", name=question.id)
    elif isinstance(literal, bool) or not options or question.data.get("allow_other") is True:
        return
    elif str(literal) not in options:
        values = {
            "value": str(literal),
            "hint": nearest(str(literal), options),
            "known": ", ".join(options),
        }
        yield outline.finding(keys, "unknown_option", name=question.id, **values)
