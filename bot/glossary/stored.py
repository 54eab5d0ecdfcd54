"""Terms as the database has them: JSON texts, each read when somebody asks for it.

As objects 10,000 terms with senses and criteria take 190 MB and a second at the start, as UTF-8 17 MB
(as Python's own strings up to twice that: one dash makes all letters of a text wide).
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from pydantic import ValidationError
from pydantic_core import from_json

from bot.glossary.gist import Gist, gist_of
from bot.glossary.model import Term

_KEPT = 500  # terms as objects, about 10 MB


class GlossaryUnreadable(Exception):
    """A newer Klartext has written revisions that this one does not understand. Start the newer one."""


class StoredTerms(Mapping[str, Term]):
    """Terms by id. Reading one raises GlossaryUnreadable if it is not in the form that we know."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._term = lru_cache(_KEPT)(self._read)

    def __getitem__(self, id_: str) -> Term:
        return self._term(id_)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def only(self, ids: Collection[str]) -> "StoredTerms":
        """Fewer of them."""
        return StoredTerms({id_: text for id_, text in self._texts.items() if id_ in ids})

    def gists(self) -> dict[str, Gist]:
        """Every term in short. Raises GlossaryUnreadable."""
        try:
            return {id_: gist_of(from_json(text)) for id_, text in self._texts.items()}
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise GlossaryUnreadable(str(error)) from error

    def _read(self, id_: str) -> Term:
        try:
            return Term.model_validate_json(self._texts[id_])
        except ValidationError as errors:
            raise GlossaryUnreadable(str(errors)) from errors
