"""Which of the words of a message are the thing that is asked about, and what term that is.

Three witnesses: the terms that stand in the message, the trained probability of each word, and the
words around a term that make another thing of it ("lead developer" is no lead).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.glossary.departments import Departments
from bot.glossary.index import MAX_SUGGESTIONS, UNKNOWN, Found, Index
from bot.glossary.keys import squash
from bot.glossary.mentions import Mention
from bot.glossary.words import cue_words, language_of, ordinary_words
from bot.text.tokens import Word

LIKELY = 0.4  # probability from which a word counts as asked about
_GLUED = 0.5  # the same for a word before a term that would make it another thing
_WINDOW = 4  # words of a misspelt or quoted name
_FREE_WORDS = 24  # words among which a misspelt name is looked for

_LISTED = re.compile(
    r"\s*(?:,|/|&|\+|\bund\b|\band\b|\boder\b|\bor\b|\bvs\b\.?|=|≠|–|-|,\s*(?:und|and|oder|or))\s*"
    r"(?:(?:ein\w*|der|die|das|den|dem|an?|the)\s+)?[\"„“”«»']?\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"„“”«»‹›‚‘]([^\"„“”«»‹›‚‘’]{2,80})[\"„“”«»‹›‘’]")
_EDGE = " \t?!.,:;()\"'„“”«»-"
_ARTICLE = re.compile(
    r"(?:(?:ein|eine|einen|einem|einer|der|die|das|den|dem|des|the|a|an|unser|unsere|our|"
    r"begriff|term|wort|word)\s+)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message taken apart: its words, the terms in it, how likely each word is asked about, and what
    only looks like a term.
    """

    text: str
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    asked: tuple[float, ...]
    false_friends: tuple[str, ...]

    def without(self, mentions: Sequence[Mention]) -> "Message":
        """The same message with fewer terms."""
        return replace(self, mentions=tuple(m for m in self.mentions if m not in mentions))

    def likelihood(self, mention: Mention) -> float:
        """How likely a term is what is asked about."""
        inside = (
            chance
            for word, chance in zip(self.words, self.asked, strict=True)
            if word.start < mention.end and mention.start < word.end
        )
        return max(inside, default=0.0)

    def slots(self) -> list[str]:
        """Runs of words that are asked about, the likeliest first; else the likeliest word alone."""
        content = [chance for word, chance in self._pairs() if is_content(word)]
        bar = min(LIKELY, max(content, default=LIKELY))
        runs = self._runs(bar, bar / 4) if content else []  # "campaign manager": the rest is less likely
        return [trimmed(self.text[start:end]) for _, start, end in sorted(runs, reverse=True)]

    def unnamed(self) -> list[str]:
        """What is asked about and touches no term: "Quatsch" beside "Lead"."""
        free = (
            self.text[start:end]
            for _, start, end in self._runs(LIKELY, LIKELY)
            if not any(m.start < end and start < m.end for m in self.mentions)
        )
        return list(dict.fromkeys(map(trimmed, free)))

    def _runs(self, bar: float, rest: float) -> list[tuple[float, int, int]]:
        """Neighbouring words that are asked about: how likely, where; `rest`: the words after the first."""
        runs: list[tuple[float, int, int]] = []
        for word, chance in self._pairs():
            joins = bool(runs) and word.start - runs[-1][2] <= 1
            if joins and (chance >= bar or (is_content(word) and chance >= rest)):
                best, start, _ = runs[-1]
                runs[-1] = (max(best, chance), start, word.end)
            elif chance >= bar:
                runs.append((chance, word.start, word.end))
        return runs

    def _pairs(self) -> Iterator[tuple[Word, float]]:
        pairs = zip(self.words, self.asked, strict=True)
        return ((word, chance) for word, chance in pairs if word.text[0].isalnum())

    def windows(self) -> Iterator[str]:
        """Neighbouring words that could be a misspelt name, the longest first."""
        free = [
            word
            for word in self.words
            if is_content(word)
            and not any(m.start < word.end and word.start < m.end for m in self.mentions)
        ][:_FREE_WORDS]
        for size in range(_WINDOW, 0, -1):
            for at in range(len(free) - size + 1):
                span = self.text[free[at].start : free[at + size - 1].end]
                if len(span.split()) <= size:
                    yield span


class Finder:
    """Finds the terms that a message asks about."""

    def __init__(self, index: Index, departments: Departments, followers: frozenset[str]) -> None:
        self._index = index
        self._departments = departments
        self._followers = followers

    def find(self, message: Message, *, compare: bool) -> tuple[Found, str]:
        """The terms, and the words that were understood as them; or what the words may mean."""
        for quoted in filter(_could_be_name, _QUOTED.findall(message.text)[:3]):
            found = self._index.find(trimmed(quoted))
            if found.outcome == "answer" and not compare:
                return found, quoted
            parts = [m for m in message.mentions if m.text in quoted and m.text != quoted]
            message = message.without(parts)
        whole = message.without([m for m in message.mentions if self._is_part(message, m, compare=compare)])
        if chosen := _chosen(whole, compare=compare):
            terms = tuple(dict.fromkeys(term for mention in chosen for term in mention.terms))
            return Found("answer", terms), " / ".join(mention.text for mention in chosen)
        return self._misspelt(message)

    def _is_part(self, message: Message, mention: Mention, *, compare: bool) -> bool:
        """A term inside a longer name ("Lead-Magnet", "lead developer") is not what is asked about."""
        for word, chance in zip(message.words, message.asked, strict=True):
            if word.start < mention.start < word.end or word.start < mention.end < word.end:
                return True
            if compare or not is_content(word):
                continue
            if word.end == mention.start - 1 and chance >= _GLUED:
                return not self._departments.is_name(word.text)
            behind = word.start == mention.end + 1 and message.text[mention.end] in " -"
            if behind and self._names_more(message.text, word):
                return True
        return False

    def _names_more(self, text: str, word: Word) -> bool:
        """The word behind a term makes another name of it, as nouns do: "campaign manager".

        German writes such names in one word or with a capital letter; verbs that stand behind a term in
        questions are known from the training sentences.
        """
        if word.norm in self._followers or self._departments.is_name(word.text):
            return False
        if word.text[0].isupper():
            return True
        return language_of(text) != "de" and not word.norm.endswith(("ly", "ed"))

    def _misspelt(self, message: Message) -> tuple[Found, str]:
        """The best correction among the words that may be a name; else what was probably asked about."""
        slots = [*message.false_friends, *message.slots()]
        refused = {squash(mention.text) for mention in message.mentions}
        for slot in slots:
            found = self._index.find(slot)
            if found.outcome == "answer" and squash(slot) not in refused:
                return found, slot
        for window in message.windows():
            found = self._index.find(window)
            if found.outcome == "answer" and found.corrected:
                return found, window
        understood = slots[0] if slots else ""
        near = (term for mention in message.mentions for term in mention.terms)
        found = self._index.find(understood)
        suggestions = tuple(dict.fromkeys((*found.suggestions, *near)))[:MAX_SUGGESTIONS]
        return (Found("suggest", suggestions=suggestions) if suggestions else UNKNOWN), understood


def _chosen(message: Message, *, compare: bool) -> list[Mention]:
    """The mentions that are asked about: the likeliest, and those that are listed beside it."""
    distinct = {mention.terms: mention for mention in sorted(message.mentions, key=message.likelihood)}
    ranked = sorted(distinct.values(), key=message.likelihood, reverse=True)
    picked = ranked[:1]
    if compare:
        likely = [mention for mention in ranked if message.likelihood(mention) >= LIKELY]
        picked = likely if len(likely) > 1 else ranked[:2]
    return _with_listed(message, picked)


def _with_listed(message: Message, picked: Sequence[Mention]) -> list[Mention]:
    """The picked mentions and all that stand in one list with them: "MQL, SAL, SQL"."""
    groups: list[list[Mention]] = []
    for mention in message.mentions:
        if groups and _LISTED.fullmatch(message.text, groups[-1][-1].end, mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [mention for group in groups for mention in group if any(m in picked for m in group)]


def is_content(word: Word) -> bool:
    """Not a sign, an everyday word, or a word that asks; IT in capitals is neither."""
    if word.text.isupper() and len(word.text) > 1:
        return True
    return word.text[0].isalnum() and not {word.norm, word.text.lower()} & (ordinary_words() | cue_words())


def _could_be_name(quoted: str) -> bool:
    """A few words without everyday ones: "closed won", not "just use SSO"."""
    typed = quoted.lower().split()
    return len(typed) <= _WINDOW and not any(word in ordinary_words() for word in typed)


def trimmed(text: str) -> str:
    """A name without the marks, articles and "the term" around it."""
    bare = text.strip(_EDGE)
    article = _ARTICLE.match(bare)
    return (bare[article.end() :].strip(_EDGE) if article else bare) or bare
