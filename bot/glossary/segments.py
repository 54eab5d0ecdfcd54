"""All keys within a few typing errors of a query, without looking at every key.

Pass-Join (Li, Deng, Wang, Feng: "Pass-Join", VLDB 2011): a key is cut into one segment more than the
errors it may hold, so at least one segment survives them; only parts of the query that can still
align with a segment are looked up. Survivors are verified with rapidfuzz's OSA distance.
A swap of neighbours is one OSA edit but can touch two segments, so short keys also list their swaps;
in longer keys a swap across a cut *and* a further slip can be missed (1 % of random double slips).
"""

from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_KEY = 4  # letters; anything shorter is only found exactly
MAX_KEY = 60  # letters; nobody types a longer label with slips in it
_SWAPS_UP_TO = 7  # letters of the keys whose neighbour swaps are listed
_BUDGETS = ((5, 1), (13, 2))  # letters up to which a key may hold so many errors
_MAX_EDITS = 3


def edits_allowed(length: int) -> int:
    """Typing errors that a key of this length may hold: 1 up to 5 letters, 2 up to 13, then 3."""
    return next((edits for most, edits in _BUDGETS if length <= most), _MAX_EDITS)


def _cuts(length: int) -> list[tuple[int, int]]:
    """Start and end of the segments of a key: one more than its errors, as even as possible."""
    parts = edits_allowed(length) + 1
    short, longer = divmod(length, parts)
    sizes = [short] * (parts - longer) + [short + 1] * longer
    starts = [sum(sizes[:part]) for part in range(parts)]
    return [(start, start + size) for start, size in zip(starts, sizes, strict=True)]


def _swapped(key: str) -> Iterator[str]:
    for at in range(len(key) - 1):
        if key[at] != key[at + 1]:
            yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]


_ALLOWED = tuple(map(edits_allowed, range(MAX_KEY + 1)))
_CUTS = {length: _cuts(length) for length in range(MIN_KEY, MAX_KEY + 1)}

Postings = dict[str, int | list[int]]
_Probe = tuple[Postings, int, range]  # where to look, segment width, places in the query


class Segments:
    """An index over `keys`; a result is the position of a key in that sequence."""

    __slots__ = ("_keys", "_plans", "_swaps", "_tables")

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        self._tables: dict[tuple[int, int], Postings] = {}
        self._swaps: Postings = {}
        self._plans: dict[int, list[_Probe]] = {}
        for number, key in enumerate(keys):
            length = len(key)
            if not MIN_KEY <= length <= MAX_KEY:
                continue
            for part, (start, end) in enumerate(_CUTS[length]):
                _post(self._tables.setdefault((length, part), {}), key[start:end], number)
            if length <= _SWAPS_UP_TO:
                for swap in _swapped(key):
                    _post(self._swaps, swap, number)

    def near(self, query: str) -> list[tuple[int, int]]:
        """(distance, position) of every key near enough to the squashed query, unordered."""
        if not MIN_KEY - 1 <= len(query) <= MAX_KEY + _MAX_EDITS:
            return []
        candidates = list(self._candidates(query))
        keys = self._keys
        near = process.extract(
            query,
            [keys[number] for number in candidates],
            scorer=OSA.distance,
            score_cutoff=_MAX_EDITS,
            limit=None,
        )
        return [(int(edits), candidates[at]) for key, edits, at in near if edits <= _ALLOWED[len(key)]]

    def _candidates(self, query: str) -> set[int]:
        candidates: set[int] = set()
        hits = [self._swaps[query]] if query in self._swaps else []
        size = len(query)
        plan = self._plans.get(size)
        if plan is None:
            plan = self._plans[size] = list(self._plan(size))
        for table, width, places in plan:
            for at in places:
                segment = query[at : at + width]
                if segment in table:
                    hits.append(table[segment])
        for hit in hits:
            if isinstance(hit, int):
                candidates.add(hit)
            else:
                candidates.update(hit)
        return candidates

    def _plan(self, size: int) -> Iterator[_Probe]:
        """Every table that can hold a key near a query of this size, and where to cut the query."""
        for length in range(max(MIN_KEY, size - _MAX_EDITS), min(MAX_KEY, size + _MAX_EDITS) + 1):
            errors, shift = edits_allowed(length), size - length
            if abs(shift) > errors:
                continue
            for part, (start, end) in enumerate(_CUTS[length]):
                if table := self._tables.get((length, part)):
                    low, high = _window(part, shift, errors)
                    width = end - start
                    places = range(max(0, start + low), min(size - width, start + high) + 1)
                    yield table, width, places


def _window(part: int, shift: int, errors: int) -> tuple[int, int]:
    """How far a segment can have moved (Pass-Join, "multi-match-aware" selection).

    Before segment `part` at most `part` edits lie, behind it at most `errors - part`.
    """
    return max(-part, shift - (errors - part)), min(part, shift + (errors - part))


def _post(postings: Postings, segment: str, number: int) -> None:
    """Add a key to a segment; most segments belong to one key and need no list (saves memory)."""
    there = postings.get(segment)
    if there is None:
        postings[segment] = number
    elif isinstance(there, int):
        postings[segment] = [there, number]
    else:
        there.append(number)
