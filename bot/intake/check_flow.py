"""Mistakes of content in one flow file. A rule is a function that yields findings; `RULES` is the list."""

import re
from collections.abc import Callable, Iterator
from typing import get_args

from bot.files.findings import Finding, nearest
from bot.files.values import Keys
from bot.i18n import phrases
from bot.intake.check_calendar import calendar
from bot.intake.check_conditions import conditions
from bot.intake.check_questions import questions
from bot.intake.conditions import FACTS
from bot.intake.model import COMMAND_TEXT, PREFILLS, CoachRule
from bot.intake.outline import Node, Outline
from bot.intake.reach import never_shown
from bot.intake.texts import TEXT_KEY
from bot.intake.usecase import COMPUTED

Rule = Callable[[Outline], Iterator[Finding]]

_BRACES = re.compile(r"\{([^{}]*)\}")
_DU = re.compile(r"\b(du|dir|dich|dein(e[mnrs]?)?|euch|eure[mnrs]?|euer)\b", re.IGNORECASE)
_FULL_SCORE = 100
_OTHER_PREFILLS = [name for name in PREFILLS if name != COMMAND_TEXT]
_HINTS = frozenset(get_args(CoachRule))


def languages(outline: Outline) -> Iterator[Finding]:
    """Every text exists in every language of the flow and in no other, and addresses people rightly."""
    neutral = outline.root.text("address") == "neutral"
    keywords = outline.root.node("keywords")
    for text in [*outline.texts(), *([keywords] if keywords.data else [])]:
        for language in (one for one in outline.languages if one not in text.data):
            yield outline.finding(text.keys, "text_missing", key=_name(text), language=language)
        for key in text.data:
            language = key.removesuffix("_neutral")
            if outline.languages and language not in outline.languages and re.fullmatch(TEXT_KEY, key):
                known = ", ".join(outline.languages)
                keys = (*text.keys, key)
                yield outline.finding(keys, "text_language", key=_name(text), language=key, known=known)
        said = "de_neutral" if "de_neutral" in text.data else "de" if neutral else ""
        if found := _DU.search(text.text(said)):
            code = "says_du" if said == "de_neutral" else "no_neutral"
            yield outline.finding((*text.keys, said), code, word=found.group(), key=_name(text))


def _name(node: Node) -> str:
    return next((str(key) for key in reversed(node.keys) if isinstance(key, str)), "")


def placeholders(outline: Outline) -> Iterator[Finding]:
    """`{…}` names a fact or a question that was asked before."""
    for at, step in enumerate(outline.steps):
        earlier = [one.id for one in outline.questions if one.step in outline.steps[:at]]
        for text in outline.texts(step):
            yield from _braces(outline, text, [*FACTS, *earlier])
    known = [*FACTS, *outline.by_id]
    for rule in outline.root.nodes("rules"):
        for text in outline.texts(rule):
            yield from _braces(outline, text, known)
    ticket = outline.root.node("ticket")
    yield from _braces(outline, Node(ticket.keys, {"title": ticket.text("title")}), known)


def _braces(outline: Outline, text: Node, known: list[str]) -> Iterator[Finding]:
    for key in text.data:
        for name in _BRACES.findall(text.text(key)):
            if name not in known:
                keys = (*text.keys, key)
                yield outline.finding(keys, "unknown_placeholder", value=name, hint=nearest(name, known))


def repetitions(outline: Outline) -> Iterator[Finding]:
    """Ids, values and places in the result are used once."""
    yield from _twice(outline, [(*step.keys, "id") for step in outline.steps])
    yield from _twice(outline, [(*question.keys, "id") for question in outline.questions])
    yield from _twice(outline, [(*question.keys, "maps_to") for question in outline.questions])
    for question in outline.questions:
        options = question.nodes("options")
        yield from _twice(outline, [(*option.keys, "value") for option in options])
        for language in outline.languages:
            yield from _twice(outline, [(*option.keys, "label", language) for option in options])
    criteria = outline.root.node("review").node("readiness").nodes("criteria")
    yield from _twice(outline, [(*criterion.keys, "id") for criterion in criteria])
    keywords = outline.root.node("keywords")
    for language in keywords.data:
        words = keywords.items(language)
        yield from _twice(outline, [keys for keys, _ in words])
    yield from _twice(outline, [keys for keys, _ in outline.root.items("languages")])


def _twice(outline: Outline, places: list[Keys]) -> Iterator[Finding]:
    first: dict[str, Keys] = {}
    for keys in places:
        value = outline.value(keys)
        if not isinstance(value, str):
            continue
        there = first.setdefault(value.casefold(), keys)
        if there is not keys:
            name = next(str(key) for key in reversed(keys) if isinstance(key, str))
            line = str(outline.source.line(there))
            yield outline.finding(keys, "twice", key=name, value=value, first=line)


def ways_in(outline: Outline) -> Iterator[Finding]:
    """Every keyword opens the flow, and what was typed behind it becomes an answer."""
    for language in outline.root.node("keywords").data:
        for keys, word in outline.root.node("keywords").items(language):
            if str(word).strip(" .!?/").casefold() in phrases("request.phrases.status"):
                yield outline.finding(keys, "own_keyword", value=str(word))
    prefills = [one.data.get("prefill") for one in outline.questions]
    if prefills and all(one is None or one in _OTHER_PREFILLS for one in prefills):
        yield outline.finding(("steps",), "no_wish")


def results(outline: Outline) -> Iterator[Finding]:
    """No place in the result lies inside another, and none is Klartext's own."""
    places = {
        question.text("maps_to"): question for question in outline.questions if question.text("maps_to")
    }
    for path, question in places.items():
        keys = (*question.keys, "maps_to")
        if path in COMPUTED or path.split(".")[0] in COMPUTED:
            yield outline.finding(keys, "maps_to_reserved", value=path)
        for other in places:
            if path.startswith(f"{other}."):
                yield outline.finding(keys, "maps_to_inside", value=path, other=other)


def readiness(outline: Outline) -> Iterator[Finding]:
    """The criteria name questions, and make 100 points together."""
    rubric = outline.root.node("review").node("readiness")
    criteria = rubric.nodes("criteria")
    points = [one for criterion in criteria if isinstance(one := criterion.data.get("points"), int)]
    if criteria and sum(points) != _FULL_SCORE:
        yield outline.finding((*rubric.keys, "criteria"), "points_sum", sum=str(sum(points)))
    for criterion in criteria:
        for keys, name in criterion.items("answered"):
            if isinstance(name, str):
                yield from _answerable(outline, keys, name)
        yield from _unseen(outline, criterion)


def _unseen(outline: Outline, criterion: Node) -> Iterator[Finding]:
    """Points are lost only for hints that the question gives."""
    first = next((name for _, name in criterion.items("answered") if isinstance(name, str)), "")
    question = outline.by_id.get(first)
    coached = question.data.get("coach", []) if question else None
    if not question or not isinstance(coached, list):
        return
    for keys, hint in criterion.items("without"):
        if isinstance(hint, str) and hint in _HINTS - {"no_owner"} and hint not in coached:
            yield outline.finding(keys, "unseen_hint", value=hint, name=question.id)


def _answerable(outline: Outline, keys: Keys, name: str) -> Iterator[Finding]:
    question = outline.by_id.get(name)
    if question is None:
        yield outline.finding(keys, "unknown_question", value=name, hint=nearest(name, list(outline.by_id)))
    elif question.type == "markdown":
        yield outline.finding(keys, "no_answer", name=name)


def fallbacks(outline: Outline) -> Iterator[Finding]:
    """What counts instead of a hidden question was asked before."""
    for question in outline.questions:
        name, keys = question.text("fallback"), (*question.keys, "fallback")
        if not name:
            continue
        yield from _answerable(outline, keys, name)
        if name in outline.by_id and outline.by_id[name].number >= question.number:
            yield outline.finding(keys, "later_question", name=name)


def routes(outline: Outline) -> Iterator[Finding]:
    """There is a default route, and every rule names a route that exists."""
    wrong = list(_wrong_routes(outline))
    yield from wrong
    used = {rule.node("do").text("route") for rule in outline.root.nodes("rules")}
    for name in outline.root.node("routing").data:
        if not wrong and name not in {"default", *used}:
            yield outline.finding(("routing", name), "unused_route", name=name)


def _wrong_routes(outline: Outline) -> Iterator[Finding]:
    known = list(outline.root.node("routing").data)
    if outline.root.data.get("routing") is not None and "default" not in known:
        yield outline.finding(("routing",), "no_default_route")
    for rule in outline.root.nodes("rules"):
        effects = rule.node("do")
        if not effects.data and "do" in rule.data:
            yield outline.finding((*rule.keys, "do"), "empty_rule")
        route, keys = effects.text("route"), (*effects.keys, "route")
        if route and route not in known:
            yield outline.finding(keys, "unknown_route", value=route, hint=nearest(route, known))


RULES: tuple[Rule, ...] = (
    languages,
    placeholders,
    repetitions,
    ways_in,
    questions,
    conditions,
    never_shown,
    results,
    readiness,
    fallbacks,
    routes,
    calendar,
)
