"""Read a message: is something asked, what is asked about it, and about which term?

The glossary finds the terms, a small trained model says what is wanted, another one which words are
asked about. Asked privately Klartext answers when it understands; overheard in a channel it speaks only
when it is sure: an interjection that nobody wanted costs more than ten missed ones.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from bot.glossary.features import TERM, Word, masked, question_features, word_features, words_of
from bot.glossary.index import MAX_SUGGESTIONS, UNKNOWN, Found, Index, Label, Outcome
from bot.glossary.keys import squash
from bot.glossary.mentions import Mention, Scanner
from bot.glossary.model import Glossary
from bot.glossary.training import FOLDER
from bot.glossary.words import cue_words, false_friends, language_of, ordinary_words
from bot.text.clean import plain
from bot.text.linear import LinearModel, Reason, load_model

Intent = Literal["define", "compare", "list", "none"]
INTENTS: tuple[Intent, ...] = ("define", "compare", "list", "none")

REFUSED = 0.5  # probability of "nothing is asked" from which a message to the bot stays unanswered
DOUBTED = 0.4  # the same from which the bot asks back ("did you mean …?") instead of answering
REFUSED_OVERHEARD = 0.35  # the same for a message that was not for the bot: no asking back
_WITH_TERM, _WITHOUT = 2.0, 0.5  # weight of the masked view, beside 1 for the words as typed
_ASKED = 0.4  # probability from which a word counts as asked about
_GLUED = 0.5  # the same for a word beside a term that would make it another thing ("lead developer")
_WINDOW = 4  # words of a misspelt name


@dataclass(frozen=True, slots=True)
class Models:
    """The trained weights; `open_intent` reads messages in which no known term stands.

    `followers` are the words that stand behind a term in questions ("churn *calculated*").
    """

    intent: LinearModel
    open_intent: LinearModel
    aspect: LinearModel
    asked: LinearModel
    followers: frozenset[str]


@cache
def shipped_models() -> Models:
    """The models of this repository, loaded once."""
    names = ("intent", "open_intent", "aspect", "asked")
    intent, open_intent, aspect, asked = (load_model(FOLDER / f"{name}.json") for name in names)
    followers = (FOLDER / "followers.txt").read_text(encoding="utf-8").split()
    return Models(intent, open_intent, aspect, asked, frozenset(followers))


def intent_chances(
    masked_view: LinearModel,
    plain_view: LinearModel,
    line: Sequence[str],
    words: Sequence[Word],
    addressed: bool,
) -> dict[str, float]:
    """How likely each intent is, by two models: one sees TERM for every term, one the words themselves.

    Together they err less than either. Without a known term the words as typed count more: people
    also ask for what is in no glossary.
    """
    features = question_features([word.norm for word in words], addressed, plain_view.vocabulary)
    chances = plain_view.probabilities(features)
    seen = masked_view.probabilities(question_features(line, addressed, masked_view.vocabulary))
    weight = _WITH_TERM if TERM in line else _WITHOUT
    return {name: (weight * seen[name] + chance) / (weight + 1) for name, chance in chances.items()}


@dataclass(frozen=True, slots=True)
class Why:
    """What led to a reading, for people who ask: probabilities and the features behind them."""

    probabilities: dict[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    asked: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks. `understood` are the words taken for the thing that is asked about.

    `department` is the one that is named in the message, not the asker's.
    """

    intent: Intent
    found: Found = UNKNOWN
    aspect: str | None = None
    department: str | None = None
    understood: str = ""
    silent: bool = False
    why: Why = Why()


class Reader:
    """Reads messages against one glossary. Pure; built again when the glossary changes."""

    def __init__(self, glossary: Glossary, index: Index, models: Models | None = None) -> None:
        self._index = index
        self._models = models or shipped_models()
        self._terms = Scanner(index, false_friends(), ordinary_words())
        self._departments = _department_scanner(glossary)

    @property
    def terms(self) -> Scanner:
        """Finds the terms in any text."""
        return self._terms

    def read(self, message: str, *, addressed: bool = True) -> Reading:
        """What the message asks for. Never raises."""
        text = plain(message)
        if not any(char.isalnum() for char in text):
            return Reading("none", silent=True)
        command = _COMMAND.match(text)
        if command:
            return self.look_up(text[command.end() :])
        if addressed and (bare := self._bare(text)):
            return bare
        return self._question(text, addressed)

    def look_up(self, text: str) -> Reading:
        """`define …`: a name, names with "vs" between them, or a whole question."""
        text = plain(text)
        parts = [part for part in _VERSUS.split(text) if part.strip()]
        if len(parts) > 1:
            return self._compared(parts)
        if bare := self._bare(text):
            return bare
        asked = self._question(text, addressed=True)
        if asked.intent != "none" and asked.found.outcome == "answer":
            return asked
        slot, department = self._without_department(text)
        return Reading("define", self._index.find(slot), "definition", department, slot)

    def _compared(self, parts: Sequence[str]) -> Reading:
        found = [self._index.find(_trimmed(part)) for part in parts]
        terms = tuple(dict.fromkeys(term for hit in found for term in hit.terms))
        suggestions = tuple(dict.fromkeys(term for hit in found for term in hit.suggestions))
        corrected = next((hit.corrected for hit in found if hit.corrected), None)
        outcome: Outcome = "answer" if terms else "suggest" if suggestions else "unknown"
        understood = " / ".join(map(_trimmed, parts))
        return Reading(
            "compare",
            Found(outcome, terms, suggestions[:3], corrected),
            "definition",
            None,
            understood,
        )

    def _bare(self, text: str) -> Reading | None:
        """A message that is nothing but a name, perhaps with a department: "lead?", "Lead (Vertrieb)"."""
        for slot, department in dict.fromkeys(((_trimmed(text), None), self._without_department(text))):
            found = self._index.find(slot)
            if found.outcome == "answer":
                return Reading("define", found, "definition", department, slot)
        return None

    def _without_department(self, text: str) -> tuple[str, str | None]:
        named = self._departments.find(text)
        if len(named) != 1:
            return _trimmed(text), None
        spot = named[0]
        rest = f"{_BEFORE_DEPARTMENT.sub('', text[: spot.start])} {text[spot.end :]}"
        return _trimmed(rest), spot.terms[0]

    def _question(self, text: str, addressed: bool) -> Reading:
        words = words_of(text)
        mentions = self._terms.find(text[: words[-1].end]) if words else []
        if not mentions and not any(map(_is_content, words)):
            return Reading("none", silent=True)  # "was ist das?"
        spans = [(mention.start, mention.end) for mention in mentions]
        line = masked(words, spans)
        chances = intent_chances(self._models.intent, self._models.open_intent, line, words, addressed)
        intent = self._intent(chances, addressed)
        asked = self._asked(words)
        why = Why(
            chances,
            self._reasons(line, addressed, intent),
            tuple((word.text, asked[at]) for at, word in enumerate(words) if asked[at] >= _ASKED),
        )
        department = self._named_department(text, mentions)
        if not addressed and intent == "compare" and len({m.terms for m in mentions}) <= 1:
            intent = "none"  # one thing is not compared; whoever says so was not asking Klartext
        if intent == "none":
            return Reading("none", silent=True, why=why)
        if intent == "list":
            topic = next(iter(_slots(text, words, asked)), "")
            return Reading("list", department=department, understood=topic, silent=not addressed, why=why)
        found, understood = self._target(text, words, mentions, asked, intent)
        if addressed and chances["none"] > DOUBTED and found.terms:
            found = Found("suggest", suggestions=found.terms[:MAX_SUGGESTIONS])
        reading = Reading(
            intent,
            found,
            self._aspect(line, addressed),
            department,
            understood,
            silent=False,
            why=why,
        )
        if not addressed and found.outcome != "answer":
            return replace(reading, silent=True)
        return reading

    def _reasons(self, line: Sequence[str], addressed: bool, intent: Intent) -> tuple[Reason, ...]:
        model = self._models.intent if TERM in line else self._models.open_intent
        return tuple(model.reasons(question_features(line, addressed, model.vocabulary), intent))

    def _intent(self, chances: dict[str, float], addressed: bool) -> Intent:
        refuse = REFUSED if addressed else REFUSED_OVERHEARD
        if chances["none"] > refuse:
            return "none"
        return max(INTENTS[:3], key=lambda name: chances[name])

    def _aspect(self, line: Sequence[str], addressed: bool) -> str:
        model = self._models.aspect
        chances = model.probabilities(question_features(line, addressed, model.vocabulary))
        return max(chances, key=lambda name: chances[name])

    def _asked(self, words: Sequence[Word]) -> list[float]:
        model = self._models.asked
        return [
            model.probabilities(word_features(words, at, model.vocabulary))["asked"]
            for at in range(len(words))
        ]

    def _named_department(self, text: str, mentions: Sequence[Mention]) -> str | None:
        named = {
            spot.terms[0]
            for spot in self._departments.find(text)
            if not any(m.start < spot.end and spot.start < m.end for m in mentions)
        }
        return named.pop() if len(named) == 1 else None

    def _target(
        self,
        text: str,
        words: Sequence[Word],
        mentions: Sequence[Mention],
        asked: Sequence[float],
        intent: Intent,
    ) -> tuple[Found, str]:
        """The terms that the question is about, or what it names instead."""
        for quoted in _QUOTED.findall(text)[:3]:
            if _could_be_name(quoted):
                found = self._index.find(_trimmed(quoted))
                if found.outcome == "answer" and intent == "define":
                    return found, quoted
                mentions = [
                    mention for mention in mentions if mention.text not in quoted or mention.text == quoted
                ]
        whole = [
            mention
            for mention in mentions
            if not _in_longer_word(words, mention)
            and (intent == "compare" or not self._is_part(text, words, asked, mention))
        ]
        chosen = _chosen(text, whole, words, asked, intent)
        if chosen:
            terms = tuple(dict.fromkeys(term for mention in chosen for term in mention.terms))
            return Found("answer", terms), " / ".join(mention.text for mention in chosen)
        return self._misspelt(text, words, mentions, asked)

    def _is_part(self, text: str, words: Sequence[Word], asked: Sequence[float], mention: Mention) -> bool:
        """A term inside a longer name ("lead developer") is not what is asked about."""
        for at, word in enumerate(words):
            if word.norm in ordinary_words() or not word.text[0].isalnum():
                continue
            if word.end == mention.start - 1 and asked[at] >= _GLUED:
                return not self._departments.find(word.text)
            if word.start == mention.end + 1 and text[mention.end] in " -" and self._names_more(text, word):
                return True
        return False

    def _names_more(self, text: str, word: Word) -> bool:
        """The word behind a term makes another name of it, as nouns do: "campaign manager".

        German writes such names in one word or with a capital letter; verbs that stand behind a term in
        questions are known from the training sentences.
        """
        if word.text.lower() in cue_words() or word.norm in self._models.followers:
            return False
        if self._departments.find(word.text):
            return False
        if word.text[0].isupper():
            return True
        return language_of(text) != "de" and not word.norm.endswith(("ly", "ed"))

    def _misspelt(
        self, text: str, words: Sequence[Word], mentions: Sequence[Mention], asked: Sequence[float]
    ) -> tuple[Found, str]:
        """The best correction among the words that may be a name; else what was probably asked about."""
        slots = [*self._terms.false_friends(text), *_slots(text, words, asked)]
        refused = {squash(mention.text) for mention in mentions}
        for slot in slots:
            found = self._index.find(slot)
            if found.outcome == "answer" and squash(slot) not in refused:
                return found, slot
        for window in _windows(text, words, mentions):
            found = self._index.find(window)
            if found.outcome == "answer" and found.corrected:
                return found, window
        near = tuple(dict.fromkeys(t for mention in mentions for t in mention.terms))
        understood = slots[0] if slots else ""
        found = self._index.find(understood)
        suggestions = tuple(dict.fromkeys((*found.suggestions, *near)))[:3]
        return (Found("suggest", suggestions=suggestions) if suggestions else UNKNOWN), understood


def _is_content(word: Word) -> bool:
    """Not a sign, an everyday word, or a word that asks."""
    return word.text[0].isalnum() and not {word.norm, word.text.lower()} & (ordinary_words() | cue_words())


def _could_be_name(quoted: str) -> bool:
    """A few words without everyday ones: "closed won", not "just use SSO"."""
    typed = quoted.lower().split()
    return len(typed) <= _WINDOW and not any(word in ordinary_words() for word in typed)


def _in_longer_word(words: Sequence[Word], mention: Mention) -> bool:
    """A Lead-Magnet is not a Lead."""
    return any(
        word.start < mention.start < word.end or word.start < mention.end < word.end for word in words
    )


def _chosen(
    text: str,
    mentions: Sequence[Mention],
    words: Sequence[Word],
    asked: Sequence[float],
    intent: Intent,
) -> list[Mention]:
    """The mentions that are asked about: the likeliest, and those that are listed beside it."""

    def score(mention: Mention) -> float:
        inside = (
            asked[at]
            for at, word in enumerate(words)
            if word.start < mention.end and mention.start < word.end
        )
        return max(inside, default=0.0)

    distinct = {mention.terms: mention for mention in sorted(mentions, key=score)}
    ranked = sorted(distinct.values(), key=score, reverse=True)
    if intent == "compare":
        likely = [mention for mention in ranked if score(mention) >= _ASKED]
        picked = likely if len(likely) > 1 else ranked[:2]
    else:
        picked = ranked[:1]
    return _with_listed(text, mentions, picked)


def _with_listed(text: str, mentions: Sequence[Mention], picked: Sequence[Mention]) -> list[Mention]:
    """The picked mentions and all that stand in one list with them: "MQL, SAL, SQL"."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _LISTED.fullmatch(text, groups[-1][-1].end, mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [mention for group in groups for mention in group if any(m in picked for m in group)]


def _slots(text: str, words: Sequence[Word], asked: Sequence[float]) -> list[str]:
    """Runs of words that are asked about, the likeliest first; else the likeliest word alone."""
    content = [
        at for at, word in enumerate(words) if word.text[0].isalnum() and word.norm not in ordinary_words()
    ]
    if not content:
        return []
    bar = min(_ASKED, max(asked[at] for at in content))
    runs: list[tuple[float, int, int]] = []
    for at, word in enumerate(words):
        joins = bool(runs) and word.start - runs[-1][2] <= 1
        if asked[at] >= bar and word.text[0].isalnum():
            if joins:
                runs[-1] = (max(runs[-1][0], asked[at]), runs[-1][1], word.end)
            else:
                runs.append((asked[at], word.start, word.end))
        elif joins and at in content and asked[at] >= bar / 4:
            runs[-1] = (
                runs[-1][0],
                runs[-1][1],
                word.end,
            )  # the rest of a name: "campaign manager"
    return [_trimmed(text[start:end]) for _, start, end in sorted(runs, reverse=True)]


def _windows(text: str, words: Sequence[Word], mentions: Sequence[Mention]) -> list[str]:
    """Neighbouring words that could be a misspelt name, the longest first."""
    free = [
        word
        for word in words
        if word.text[0].isalnum()
        and word.norm not in ordinary_words()
        and not any(m.start < word.end and word.start < m.end for m in mentions)
    ][:24]
    found = []
    for size in range(_WINDOW, 0, -1):
        for at in range(len(free) - size + 1):
            first, last = free[at], free[at + size - 1]
            span = text[first.start : last.end]
            if len(span.split()) <= size:
                found.append(span)
    return found


def _department_scanner(glossary: Glossary) -> Scanner:
    labels = []
    for id_, department in glossary.glossary.departments.items():
        for name in (id_, *department.label.values(), *department.aliases):
            labels.append(Label(name, "alt", id_))
            if squash(name) in ordinary_words():  # "die it" is a team, "it" is a word
                labels += [
                    Label(f"{article} {name}", "alt", id_)
                    for article in ("die", "der", "unsere", "unserer")
                ]
    return Scanner(Index(labels, real_word=lambda _: True), (), ordinary_words())


_COMMAND = re.compile(r"/?define\s+(?=\S)", re.IGNORECASE)
_VERSUS = re.compile(r"\s+(?:vs\.?|versus|oder|or|gegen)\s+|\s*(?:≠|⇔|<>)\s*", re.IGNORECASE)
_BEFORE_DEPARTMENT = re.compile(
    r"(?:\b(?:aus sicht|in der|in the|im|in|for|für|fuer|beim?|by|at|according to|laut|"
    r"des|der|vo[nm]|die|das|the)\s*)+$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\s*(?:,|/|&|\+|\bund\b|\band\b|\boder\b|\bor\b|\bvs\b\.?|=|≠|–|-|,\s*(?:und|and|oder|or))\s*"
    r"(?:(?:ein\w*|der|die|das|den|dem|an?|the)\s+)?[\"„“”«»']?\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"„“”«»‹›‚‘]([^\"„“”«»‹›‚‘’]{2,80})[\"„“”«»‹›‘’]")
_EDGES = re.compile(r"^[\s?!.,:;()\"'„“”«»-]+|[\s?!.,:;()\"'„“”«»-]+$")
_ARTICLE = re.compile(
    r"^(?:(?:ein|eine|einen|einem|einer|der|die|das|den|dem|des|the|a|an|unser|unsere|our|begriff|term|wort|word)\s+)+",
    re.IGNORECASE,
)


def _trimmed(text: str) -> str:
    """A name without the marks, articles and "the term" around it."""
    text = _EDGES.sub("", text)
    return _EDGES.sub("", _ARTICLE.sub("", text)) or text
