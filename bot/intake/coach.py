"""The coach: hints to an answer, so that IT can work with it. Hints help and never block. Pure.

`Coach.hints` finds everything that a question asks for; `chosen` picks what a page shows: at most two, in
a fixed order, none that people turned off, none twice for the same text.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.i18n import say
from bot.intake.coaching.fields import REQUIREMENT, kind_of, rules_of
from bot.intake.coaching.judge import SIGNS, Models, judged
from bot.intake.coaching.reading import NamesIn, Reading, Span, read
from bot.intake.coaching.shape import repeats
from bot.intake.coaching.signs import Sign
from bot.intake.coaching.unstated import unstated_rules
from bot.intake.coaching.wordlists import WordLists
from bot.intake.conditions import UNKNOWN, Answer
from bot.intake.model import CoachRule, Flow, Question
from bot.intake.texts import Address

MOST_HINTS = 2  # a page
_JUDGED, _READ = 10_000, 100  # rules judged and texts read that are kept in memory
FIRST: tuple[CoachRule, ...] = ("solution_bias", "no_measure", "no_trigger", "compound")
OFF: frozenset[CoachRule] = frozenset()  # rules whose left-out precision is below 0.85: none
_COMPARES: CoachRule = "benefit_equals_goal"
_MOST_SHOWN_WORDS = 3
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Hint:
    """A rule that applies, the words that it is about and where they stand (empty: the answer as a whole).

    Spans are places in the answer without invisible characters (`bot.text.clean.visible`).
    """

    rule: CoachRule
    words: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def match(self) -> str:
        """The words as they are shown: „schnell, einfach“."""
        shown = ", ".join(self.words[:_MOST_SHOWN_WORDS])
        return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was shown is remembered as this: the question, the rule, and a digest of the answer."""

    question: str
    rule: CoachRule
    digest: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A hint and the question whose answer it is about."""

    question: str
    hint: Hint
    digest: str

    @property
    def seen(self) -> Seen:
        """What to remember when it has been shown."""
        return Seen(self.question, self.hint.rule, self.digest)


@dataclass(frozen=True, slots=True, eq=False)
class Coach:
    """Word lists, trained models and the product names of a company, put to use."""

    lists: WordLists
    models: Models
    names_in: NamesIn

    def hints(
        self,
        text: str,
        rules: Collection[CoachRule],
        *,
        field: str = REQUIREMENT,
        language: str = "",
        goal: str = "",
    ) -> tuple[Hint, ...]:
        """The hints to an answer, in their order. `field` is the kind of question (`fields.FIELDS`).

        `language` counts where the words do not tell which one it is. `goal` is what the benefit is
        compared with. An empty answer lacks an owner at most.
        """
        if text == UNKNOWN or not text.strip():
            return (Hint("no_owner"),) if "no_owner" in rules else ()
        goals = {_COMPARES: goal}  # no other rule is judged anew when the goal changes
        found = (
            _judged(self, text, rule, field, language, goals.get(rule, "")) for rule in _in_order(rules)
        )
        return tuple(hint for hint in found if hint)

    def unstated(self, text: str, *, language: str = "") -> tuple[Hint, ...]:
        """The hints to a text of which nobody says what it answers: it is taken as a requirement.

        Where it is plainly a date, a change or a message, the rule for that applies too.
        """
        if not text.strip():
            return ()
        reading = read(text, self.lists, REQUIREMENT, language=language, names_in=self.names_in)
        hints = [
            hint for rule in _in_order(rules_of(REQUIREMENT)) if (hint := self.hint(rule, reading, ""))
        ]
        for rule, field in unstated_rules(reading):
            hints += self.hints(text, (rule,), field=field, language=language)
        return tuple(sorted(hints, key=lambda hint: rank(hint.rule)))

    def question(
        self, question: Question, answer: Answer | None, *, language: str = "", goal: str = ""
    ) -> tuple[Hint, ...]:
        """The hints that a question of a flow asks for."""
        text = answer if isinstance(answer, str) else "\n".join(answer or ())
        return self.hints(text, question.coach, field=kind_of(question), language=language, goal=goal)

    def fired(
        self, flow: Flow, answers: Mapping[str, Answer], *, language: str = ""
    ) -> dict[str, frozenset[CoachRule]]:
        """The rules that apply to each answer, of those that its question or a criterion names."""
        needed = _needed(flow)
        goal = next((_text(answers.get(q.id)) for q in flow.questions if kind_of(q) == "goal"), "")
        return {
            question.id: frozenset(
                hint.rule
                for hint in self.hints(
                    _text(answers[question.id]),
                    needed.get(question.id, frozenset()),
                    field=kind_of(question),
                    language=language,
                    goal=goal,
                )
            )
            for question in flow.questions
            if question.id in answers
        }

    def hint(self, rule: CoachRule, reading: Reading, goal: str) -> Hint | None:
        """The hint of one rule to a text that was read, None if it does not apply."""
        if rule == _COMPARES:
            signs = repeats(reading, goal)
        else:
            signs = judged(rule, reading, self.models) if rule in SIGNS else []
        return _hint(rule, reading, signs) if signs else None


def _in_order(rules: Collection[CoachRule]) -> list[CoachRule]:
    return sorted(set(rules) - OFF, key=rank)


@lru_cache(_JUDGED)
def _judged(coach: Coach, text: str, rule: CoachRule, field: str, language: str, goal: str) -> Hint | None:
    """A draft shows the same answers page after page, and the review judges them by more rules."""
    return coach.hint(rule, _read(coach, text, field, language), goal)


@lru_cache(_READ)
def _read(coach: Coach, text: str, field: str, language: str) -> Reading:
    return read(text, coach.lists, field, language=language, names_in=coach.names_in)


def chosen(
    found: Iterable[Placed], *, muted: Collection[CoachRule] = (), seen: Collection[Seen] = ()
) -> tuple[Placed, ...]:
    """The hints that a page shows: at most two, the most helpful first, none muted, none seen before."""
    fresh = [one for one in found if one.hint.rule not in muted and one.seen not in seen]
    return tuple(sorted(fresh, key=lambda one: rank(one.hint.rule))[:MOST_HINTS])


def placed(question: str, text: str, hints: Sequence[Hint]) -> list[Placed]:
    """The hints to the answer of a question, ready to choose from."""
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]
    return [Placed(question, hint, digest) for hint in hints]


def sentence(hint: Hint, language: str, address: Address = "du") -> str:
    """The hint as a question to the person."""
    if hint.rule == "solution_bias" and not hint.words:
        return say(language, f"coach.solution.{address}")
    return say(language, f"coach.hint.{hint.rule}.{address}", words=hint.match)


def rank(rule: CoachRule) -> tuple[int, int]:
    """Its place in the order: the four that help most, then the others as the flow format lists them."""
    return (FIRST.index(rule), 0) if rule in FIRST else (len(FIRST), _ORDER.index(rule))


_ORDER: tuple[CoachRule, ...] = (
    "no_reason",
    "asap",
    "passive",
    "vague_word",
    "benefit_equals_goal",
    "no_baseline",
    "open_list",
    "universal",
    "too_short",
    "no_owner",
)


def _text(answer: Answer | None) -> str:
    return answer if isinstance(answer, str) else "\n".join(answer or ())


def _needed(flow: Flow) -> dict[str, frozenset[CoachRule]]:
    needed = {question.id: frozenset(question.coach) for question in flow.questions}
    for criterion in flow.review.readiness.criteria if flow.review.readiness else ():
        first = criterion.answered[0]
        needed[first] = needed.get(first, frozenset()) | frozenset(criterion.without)
    return needed


def _hint(rule: CoachRule, reading: Reading, signs: Sequence[Sign]) -> Hint:
    """The words of a hint; a sign of the answer as a whole has none."""
    spans = sorted({sign.span for sign in signs if sign.end > sign.start})
    words = dict.fromkeys(reading.text[start:stop] for start, stop in spans)
    if rule == "solution_bias" and not words:
        words = dict.fromkeys(reading.products)
    return Hint(rule, tuple(words), tuple(spans))
