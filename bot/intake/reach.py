"""Which steps and questions of a flow file can never be shown, because their conditions contradict."""

from collections import defaultdict
from collections.abc import Iterator

from bot.files.findings import Finding
from bot.intake.conditions import FACTS, UNKNOWN, Answer, Comparison, Fact
from bot.intake.outline import Asked, Node, Outline, comparisons

_FRESH = "\x00"  # some text that no file names
_MANY = 4  # a list with so many entries more than a condition asks for

Wanted = dict[str, list[Comparison]]


def never_shown(outline: Outline) -> Iterator[Finding]:
    """Steps and questions that no answers lead to."""
    hidden = [step for step in outline.steps if not _possible(outline, step)]
    for step in hidden:
        yield outline.finding((*step.keys, "show_if"), "never_shown", name=step.text("id"))
    for question in outline.questions:
        if question.step not in hidden and not _possible(outline, question):
            yield outline.finding((*question.keys, "show_if"), "never_shown", name=question.id)


def _possible(outline: Outline, node: Node) -> bool:
    """Whether the conditions on the way to a node can hold together."""
    wanted: Wanted = defaultdict(list)
    _collect(outline, node, wanted, set())
    return all(
        any(all(one.holds(value) for one in wishes) for value in _values(outline, name, wishes))
        for name, wishes in wanted.items()
    )


def _collect(outline: Outline, node: Node, wanted: Wanted, seen: set[str]) -> None:
    """What a node demands, and what those questions demand that it needs an answer to."""
    lines = [comparisons(node)]
    if isinstance(node, Asked):
        lines.append(comparisons(node.step))
    for name, comparison in [pair for line in lines for pair in line.items()]:
        wanted[name].append(comparison)
        question = outline.by_id.get(name)
        if question and name not in seen and not comparison.holds(None) and "fallback" not in question.data:
            seen.add(name)
            _collect(outline, question, wanted, seen)


def _values(outline: Outline, name: str, wishes: list[Comparison]) -> list[Answer | Fact]:
    """Enough values to tell whether any satisfies the wishes."""
    texts = [str(one) for wish in wishes for one in wish.literals() if not isinstance(one, bool)]
    question = outline.by_id.get(name)
    if question:
        return _answers(question, texts, wishes)
    match FACTS.get(name):
        case "truth":
            return [True, False, None, *texts]
        case "list":
            return _lists(texts, wishes)
        case _:
            return [None, _FRESH, *texts, *_numbers(wishes)]


def _answers(question: Asked, texts: list[str], wishes: list[Comparison]) -> list[Answer | Fact]:
    always = not question.data.get("show_if") and not question.step.data.get("show_if")
    must = question.data.get("required") is True and question.data.get("allow_unknown") is not True
    nothing: list[Answer | Fact] = [] if always and must else [None, UNKNOWN]
    if question.type in {"multiselect", "checkboxes", "users"}:
        return [*nothing, *(one for one in _lists([*texts, *question.options], wishes) if one)]
    choosable = question.options or [_FRESH]
    return [*nothing, *choosable, *texts, *_numbers(wishes)]


def _lists(texts: list[str], wishes: list[Comparison]) -> list[Answer | Fact]:
    longest = max((int(wish.more_than or 0) for wish in wishes), default=0) + _MANY
    lengths = [tuple(_FRESH for _ in range(length)) for length in range(min(longest, 200))]
    together = tuple(dict.fromkeys(wish.includes for wish in wishes if wish.includes))
    return [*lengths, *((text,) for text in texts), together, tuple(texts)]


def _numbers(wishes: list[Comparison]) -> list[Answer | Fact]:
    bounds = [bound for wish in wishes for bound in (wish.more_than, wish.less_than) if bound is not None]
    return [str(bound + step) for bound in bounds for step in (-0.5, 0.5)]
