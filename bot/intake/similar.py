"""Requests that may want the same. Pure.

Texts alone tell little: people want one thing in many words, and in two languages. So most of the weight
lies on what the guided fields say (notes/intake.md, section 10: text alone AUC 0.40, together 0.90).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.i18n import phrases
from bot.intake.usecase import UseCase
from bot.text.clean import plain

LIMIT = 3
_TEXT, _SYSTEMS, _CAPABILITY = 0.45, 0.30, 0.25
_BOTH_EMPTY = 0.5  # the likeness of no systems and no systems: it says nothing
_FULL = 100.0  # the highest ratio of rapidfuzz
_SLACK = 0.01  # rapidfuzz 3.14 loses a ratio that exceeds score_cutoff by 0.000001


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request wants: its words without those that everybody uses, systems, and the capability."""

    id: str
    text: str
    systems: frozenset[str] = frozenset()
    capability: str | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A request that may want the same, and how alike the two are, 0–1."""

    id: str
    score: float


def wanted(case: UseCase) -> Wanted:
    """What a use case wants."""
    return sought(
        case.id,
        case.requirement or case.original_wish or "",
        (case.landscape and case.landscape.systems) or (),
        (case.solution_hint and case.solution_hint.category) or case.capability,
    )


def sought(id_: str, text: str, systems: Iterable[str], capability: str | None) -> Wanted:
    """What a text wants that was written, with the systems and the capability that were found or chosen."""
    return Wanted(id_, words(text), frozenset(one.casefold() for one in systems), capability)


def words(text: str) -> str:
    """The words that say something, in lower case."""
    ordinary = phrases("intake.ordinary")
    cleaned = "".join(char if char.isalnum() else " " for char in plain(text).casefold())
    return " ".join(word for word in cleaned.split() if word not in ordinary)


def likeness(one: Wanted, other: Wanted) -> float:
    """How alike two requests are, 0–1."""
    ratio = fuzz.token_set_ratio(one.text, other.text)
    return _score(ratio, _structure(len(one.systems & other.systems), one, other))


class Requests:
    """Requests to search in, prepared once. The same result as comparing with each, and faster: what shares
    neither a system nor the capability can rarely reach the threshold, and is then never compared.
    """

    def __init__(self, requests: Iterable[Wanted]) -> None:
        self._requests = list(requests)
        self._by_system: dict[str, list[int]] = defaultdict(list)
        self._by_capability: dict[str, list[int]] = defaultdict(list)
        self._without_systems: list[int] = []
        for at, one in enumerate(self._requests):
            for system in one.systems:
                self._by_system[system].append(at)
            if not one.systems:
                self._without_systems.append(at)
            if one.capability:
                self._by_capability[one.capability].append(at)

    def similar(self, to: Wanted, at_least: float, limit: int = LIMIT) -> list[Similar]:
        """The most similar requests that reach the threshold, best first; of equals the older one."""
        groups = self._by_structure(to, at_least)
        best: list[tuple[float, int]] = []
        for structure in sorted(groups, reverse=True):
            least = best[-1][0] if len(best) == limit else 0.0
            needed = (max(at_least, least) - structure) / _TEXT * _FULL - _SLACK
            if needed > _FULL:
                break
            found = self._best_texts(to, groups[structure], max(needed, 0.0), limit)
            best += [(_score(ratio, structure), at) for ratio, at in found]
            best = sorted((one for one in best if one[0] >= at_least), key=lambda one: (-one[0], one[1]))[
                :limit
            ]
        return [Similar(self._requests[at].id, score) for score, at in best]

    def _best_texts(
        self, to: Wanted, group: Sequence[int], needed: float, limit: int
    ) -> list[tuple[float, int]]:
        texts = [self._requests[at].text for at in group]
        found = process.extract(
            to.text, texts, scorer=fuzz.token_set_ratio, score_cutoff=needed, limit=limit
        )
        return [(ratio, group[place]) for _, ratio, place in found]

    def _by_structure(self, to: Wanted, at_least: float) -> dict[float, list[int]]:
        """The requests that can reach the threshold, by what their systems and capability are worth."""
        shared = Counter(at for system in to.systems for at in self._by_system.get(system, ()))
        alike = dict.fromkeys(self._by_capability.get(to.capability or "", ()), 0)
        alone = dict.fromkeys(self._without_systems if not to.systems else (), 0)
        rest = dict.fromkeys(range(len(self._requests)) if at_least <= _TEXT else (), 0)
        groups: dict[float, list[int]] = defaultdict(list)
        for at, count in (rest | alone | alike | shared).items():
            if self._requests[at].id != to.id:
                groups[_structure(count, to, self._requests[at])].append(at)
        return groups


def _structure(shared: int, one: Wanted, other: Wanted) -> float:
    total = len(one.systems) + len(other.systems) - shared
    same = one.capability is not None and one.capability == other.capability
    return _SYSTEMS * (shared / total if total else _BOTH_EMPTY) + _CAPABILITY * same


def _score(ratio: float, structure: float) -> float:
    return _TEXT * ratio / _FULL + structure
