"""Read a message: is something asked, what is asked about it, and about which term?

The glossary finds the terms, a small trained model says what is wanted, another one which words are
asked about. Asked privately Klartext answers when it understands; overheard in a channel it speaks only
when it is sure: an interjection that nobody wanted costs more than ten missed ones.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Literal

from bot.glossary.asked import LIKELY, Finder, Message, is_content, trimmed
from bot.glossary.departments import Departments
from bot.glossary.features import TERM, masked, question_features, word_features
from bot.glossary.index import MAX_SUGGESTIONS, UNKNOWN, Found, Index, Outcome
from bot.glossary.keys import squash
from bot.glossary.mentions import Scanner
from bot.glossary.model import Glossary
from bot.glossary.models import Models, intent_chances, load_models
from bot.glossary.words import (
    aspect_words,
    calls_for_help,
    cue_words,
    false_friends,
    list_words,
    ordinary_words,
)
from bot.text.clean import plain
from bot.text.linear import LinearModel, Reason
from bot.text.tokens import Word, words_of

Intent = Literal["define", "compare", "list", "none"]
INTENTS: tuple[Intent, ...] = ("define", "compare", "list", "none")

REFUSED = 0.5  # probability of "nothing is asked" from which a message to the bot stays unanswered
DOUBTED = 0.4  # the same from which the bot asks back ("did you mean …?") instead of answering
REFUSED_OVERHEARD = 0.35  # the same for a message that was not for the bot: no asking back


def _no_reasons() -> tuple[Reason, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Why:
    """What led to a reading: probabilities, and the features behind them for people who ask."""

    probabilities: dict[str, float] = field(default_factory=dict)
    asked: tuple[tuple[str, float], ...] = ()
    reasons: Callable[[], tuple[Reason, ...]] = field(default=_no_reasons, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks. `understood` are the words taken for the thing that is asked about.

    `department` is the one that is named in the message, not the asker's. `missing` are compared names
    that stand in no glossary. `help`: somebody wants to know what Klartext can do.
    """

    intent: Intent
    found: Found = UNKNOWN
    aspect: str | None = None
    department: str | None = None
    understood: str = ""
    silent: bool = False
    help: bool = False
    missing: tuple[str, ...] = ()
    why: Why = Why()


def answered_up_to(words: Sequence[Word], addressed: bool) -> float:
    """The probability of "nothing is asked" up to which a message is answered.

    A word like "criteria" says what is wanted and settles a doubt.
    """
    if not addressed:
        return REFUSED_OVERHEARD
    return REFUSED if any(word.text.lower() in aspect_words() for word in words) else DOUBTED


class Reader:
    """Reads messages against one glossary. Pure; built again when the glossary changes."""

    def __init__(self, glossary: Glossary, index: Index, models: Models | None = None) -> None:
        self._index = index
        self._models = models or load_models()
        self._departments = Departments(glossary)
        self._finder = Finder(index, self._departments, self._models.followers)
        self.terms = Scanner(index, false_friends(), ordinary_words())
        self._recent = lru_cache(_RECENT)(self._read)  # whoever answers reads what chose them to answer

    def read(self, message: str, *, addressed: bool = True, command: bool = False) -> Reading:
        """What the message asks for. Never raises. `command`: it stands behind one, so it is a question."""
        return self._recent(message, addressed, command)

    def _read(self, message: str, addressed: bool, command: bool) -> Reading:
        text = plain(message)
        if not any(char.isalnum() for char in text):
            return Reading("none", silent=True)
        if addressed and squash(text) in calls_for_help():
            return Reading("none", help=True)
        define = _COMMAND.match(text)
        if define and (addressed or text.startswith("/")):
            return self.look_up(text[define.end() :])
        if addressed and (short := self._bare(text) or self._terse(text)):
            return short
        reading = self._question(text, addressed)
        return self._named(text) if command and reading.silent and self._is_terse(text) else reading

    def look_up(self, text: str) -> Reading:
        """`define …`: a name, names with "vs" between them, a list, or a whole question."""
        text = plain(text)
        if not text or squash(text) in calls_for_help():
            return Reading("none", help=True)
        if bare := self._bare(text):
            return bare
        if _LIST.match(text):
            return self._listed(text)
        rest, department = self._departments.taken_out(text)
        parts = [part for part in _VERSUS.split(rest) if part.strip()]
        if len(parts) > 1:
            return self._compared(parts, department)
        asked = self._question(text, addressed=True)
        if asked.intent != "none" and asked.found.outcome == "answer":
            return asked
        return self._named(text)

    def _named(self, text: str) -> Reading:
        """The text as a name, whether or not the glossary has it."""
        return Reading("define", self._index.find(trimmed(text)), "definition", None, trimmed(text))

    def _is_terse(self, text: str) -> bool:
        """So few words that they are a name, if they are more than everyday words."""
        return len(text.split()) <= _TERSE and any(map(is_content, words_of(text)))

    def _terse(self, text: str) -> Reading | None:
        """Hardly a sentence: "list kpi", "ROAS vs ROI?"."""
        if _ONLY_LIST.match(text):
            return self._listed(text)
        parts = [part for part in _ONLY_VERSUS.split(text) if trimmed(part)]
        if len(parts) > 1 and all(len(part.split()) <= _TERSE for part in parts):
            compared = self._compared(parts, None)
            return compared if compared.found.terms else None
        return None

    def _listed(self, text: str) -> Reading:
        """A list of all terms, or of a department, a letter, a tag, a kind or a word."""
        rest, department = self._departments.taken_out(text)
        asking = list_words() | ordinary_words() | cue_words()
        topic = [
            word.text for word in words_of(rest) if word.text.lower() not in asking and word.text.isalnum()
        ]
        return Reading("list", department=department, understood=" ".join(topic))

    def _compared(self, parts: Sequence[str], department: str | None) -> Reading:
        names = [trimmed(part) for part in parts[:_MOST_COMPARED]]
        found = [self._index.find(name) for name in names]
        terms = tuple(dict.fromkeys(term for hit in found for term in hit.terms))
        near = tuple(dict.fromkeys(term for hit in found for term in hit.suggestions))[:MAX_SUGGESTIONS]
        corrected = ", ".join(hit.corrected for hit in found if hit.corrected) or None
        outcome: Outcome = "answer" if terms else "suggest" if near else "unknown"
        missing = tuple(name for name, hit in zip(names, found, strict=True) if hit.outcome != "answer")
        result = Found(outcome, terms, near, corrected)
        return Reading("compare", result, "definition", department, " / ".join(names), missing=missing)

    def _bare(self, text: str) -> Reading | None:
        """A message that is nothing but a name, perhaps with a department: "lead?", "Lead (Vertrieb)"."""
        ways = [(text, None), self._departments.taken_out(text)]
        for slot, department in dict.fromkeys(ways[::-1] if "(" in text else ways):
            found = self._index.find(trimmed(slot))
            if found.outcome == "answer":
                return Reading("define", found, "definition", department, trimmed(slot))
        return None

    def _question(self, text: str, addressed: bool) -> Reading:
        message = self._taken_apart(text)
        if not message.mentions and not any(map(is_content, message.words)):
            return Reading("none", silent=True)  # "was ist das?"
        line = masked(message.words, [(mention.start, mention.end) for mention in message.mentions])
        chances = intent_chances(
            self._models.intent, self._models.open_intent, line, message.words, addressed
        )
        intent = self._intent(message, chances, addressed)
        why = self._why(message, line, chances, addressed)
        if intent == "none":
            return Reading("none", silent=True, why=why)
        department = self._departments.named(message.text, message.mentions)
        if intent == "list":
            return replace(self._listed(message.text), silent=not addressed, why=why)
        found, understood = self._finder.find(message, compare=intent == "compare")
        if found.terms and chances["none"] > answered_up_to(message.words, addressed):
            found = Found("suggest", suggestions=found.terms[:MAX_SUGGESTIONS])
        silent = not addressed and found.outcome != "answer"
        aspect = self._aspect(line, addressed) if intent == "define" else "definition"
        reading = Reading(intent, found, aspect, department, understood, silent=silent, why=why)
        return self._with_unnamed(reading, message) if intent == "compare" and found.terms else reading

    def _with_unnamed(self, reading: Reading, message: Message) -> Reading:
        """The comparison with what it names beside the terms: misspelt, or in no glossary."""
        names = [name for name in message.unnamed() if self._is_thing(name)][:_MOST_COMPARED]
        if not names:
            return reading
        beside = self._compared(names, reading.department)
        found = replace(
            reading.found,
            terms=tuple(dict.fromkeys((*reading.found.terms, *beside.found.terms))),
            suggestions=beside.found.suggestions,
            corrected=beside.found.corrected,
        )
        understood = " / ".join((reading.understood, *names))
        return replace(reading, found=found, understood=understood, missing=beside.missing)

    def _is_thing(self, name: str) -> bool:
        """No department, and more than everyday words."""
        return not self._departments.is_name(name) and any(map(is_content, words_of(name)))

    def _taken_apart(self, text: str) -> Message:
        words = tuple(words_of(text))
        text = text[: words[-1].end + 1] if words else ""
        model = self._models.asked
        asked = (model.probabilities(seen)["asked"] for seen in word_features(words, model.vocabulary))
        phrases = list(self.terms.phrases(text))
        mentions = tuple(phrase for phrase in phrases if phrase.terms)
        friends = tuple(phrase.text for phrase in phrases if not phrase.terms)
        return Message(text, words, mentions, tuple(asked), friends)

    def _intent(self, message: Message, chances: dict[str, float], addressed: bool) -> Intent:
        if chances["none"] > (REFUSED if addressed else REFUSED_OVERHEARD):
            return "none"
        intent = max(INTENTS[:3], key=lambda name: chances[name])
        things = {mention.terms for mention in message.mentions}
        if not addressed and intent == "compare" and len(things) <= 1:
            return "none"  # one thing is not compared; whoever says so was not asking Klartext
        return intent

    def _why(
        self, message: Message, line: Sequence[str], chances: dict[str, float], addressed: bool
    ) -> Why:
        model = self._models.intent if TERM in line else self._models.open_intent
        pairs = zip(message.words, message.asked, strict=True)
        asked = tuple((word.text, chance) for word, chance in pairs if chance >= LIKELY)
        return Why(chances, asked, partial(_reasons, model, line, chances, addressed))

    def _aspect(self, line: Sequence[str], addressed: bool) -> str:
        model = self._models.aspect
        chances = model.probabilities(question_features(line, addressed, model.vocabulary))
        likeliest = max(chances, key=lambda name: chances[name])
        named = {aspect_words()[token] for token in line if token in aspect_words()}
        return named.pop() if likeliest == "definition" and len(named) == 1 else likeliest


def _reasons(
    model: LinearModel, line: Sequence[str], chances: Mapping[str, float], addressed: bool
) -> tuple[Reason, ...]:
    likeliest = max(chances, key=lambda name: chances[name])
    return tuple(model.reasons(question_features(line, addressed, model.vocabulary), likeliest))


_RECENT = 64  # messages
_MOST_COMPARED = 5  # things side by side; a table of more cannot be read
_COMMAND = re.compile(r"/?define\s+(?=\S)", re.IGNORECASE)
_TERSE = 3  # words of a name in "X vs Y"
_ONLY_LIST = re.compile(r"(?:list|liste)(?!\w)", re.IGNORECASE)
_LIST = re.compile(r"(?:list|liste|alle|all)(?!\w)", re.IGNORECASE)
_VERSUS = re.compile(r"\s(?:vs\.?|versus|oder|or|gegen)\s|[≠⇔/]|<>", re.IGNORECASE)
_ONLY_VERSUS = re.compile(r"\s(?:vs\.?|versus)\s|≠", re.IGNORECASE)
