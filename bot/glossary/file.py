"""`glossary.yaml` and the files that it includes, as one Glossary.

Every term is validated on its own, so that one broken entry does not hide the mistakes of the others.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from bot.files.findings import FileBroken, Finding
from bot.files.form import complaints
from bot.files.source import Source, read
from bot.files.values import Keys
from bot.glossary.model import SLUG, Glossary, Term

DEFAULT_FILE = Path("glossary.yaml")


class CannotWrite(Exception):
    """The files are written in a way that would lose something. Export to a new file instead."""


@dataclass(slots=True)
class Draft:
    """What the files say, as far as it can be understood, and what is wrong with it."""

    sources: list[Source]
    glossary: Glossary | None = None
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, Source] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A fingerprint of what was read (`digest_of`)."""
        return _digest(self.sources[0].path, {source.path: source.digest for source in self.sources})

    def finding(self, term: str, keys: Keys, code: str, **values: str) -> Finding:
        """A mistake inside a term."""
        return self.places[term].finding(("terms", term, *keys), code, term=term, **values)


def load(path: Path = DEFAULT_FILE) -> Glossary:
    """The glossary of a file. Raises FileBroken with every mistake of form (not of content)."""
    return load_with_digest(path)[0]


def load_with_digest(path: Path) -> tuple[Glossary, str]:
    """The same, and the fingerprint of exactly what was read."""
    draft = draft_of(path)
    if draft.findings or draft.glossary is None:
        raise FileBroken(draft.findings)
    return draft.glossary, draft.digest


def draft_of(path: Path) -> Draft:
    """Everything that can be read from a file, with the mistakes. Raises FileBroken if it is no YAML."""
    main = read(path)
    draft = Draft([main])
    if not isinstance(main.data, dict):
        draft.findings.append(main.finding((), "not_a_glossary"))
        return draft
    for source in _included(main, draft):
        draft.sources.append(source)
    terms = dict(_terms(draft))
    head = {key: value for key, value in main.data.items() if key != "terms"}
    try:
        shell = Glossary.model_validate(head)
    except ValidationError as errors:
        draft.findings += complaints(main, (), errors, Glossary)
    else:
        draft.glossary = shell.model_copy(update={"terms": terms})
    draft.findings.sort(key=lambda finding: (str(finding.file), finding.line))
    return draft


def files_of(path: Path, patterns: Iterable[str]) -> list[Path]:
    """The files that a glossary includes by these patterns."""
    safe = (pattern for pattern in patterns if not Path(pattern).is_absolute() and ".." not in pattern)
    found = {file for pattern in safe for file in _matching(path.parent, pattern)}
    return sorted(found - {path})


def digest_of(path: Path, patterns: Iterable[str]) -> str:
    """A fingerprint of a glossary file and all that it includes, as they are now; never raises."""
    digests: dict[Path, str] = {}
    for file in (path, *files_of(path, patterns)):
        with suppress(OSError):
            digests[file] = sha256(file.read_bytes()).hexdigest()
    return _digest(path, digests)


def _digest(main: Path, digests: Mapping[Path, str]) -> str:
    """The names count as they are seen from the main file: it may stand anywhere."""
    names = {os.path.relpath(file, main.parent): digest for file, digest in digests.items()}
    lines = (f"{name}\0{digest}\n" for name, digest in sorted(names.items()))
    return sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()


def _included(main: Source, draft: Draft) -> Iterator[Source]:
    patterns = main.data.get("include") or []
    seen = {main.path}
    for at, pattern in enumerate(patterns if isinstance(patterns, list) else []):
        if not isinstance(pattern, str) or Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            draft.findings.append(main.finding(("include", at), "include_outside", file=str(pattern)))
            continue
        files = [file for file in _matching(main.path.parent, pattern) if file != main.path]
        if not files:
            draft.findings.append(main.finding(("include", at), "include_nothing", file=pattern))
        for file in (file for file in files if file not in seen):
            seen.add(file)
            try:
                yield read(file)
            except FileBroken as broken:
                draft.findings += broken.findings


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except (ValueError, IndexError, NotImplementedError):  # no pattern that pathlib understands
        return []


def _terms(draft: Draft) -> Iterator[tuple[str, Term]]:
    for number, source in enumerate(draft.sources):
        data = source.data if isinstance(source.data, dict) else {}
        others = [key for key in data if key not in {"version", "terms"}]
        if number and (not data or others):
            draft.findings.append(source.finding(tuple(others[:1]), "include_only_terms"))
        terms = data.get("terms")
        if terms is not None and not isinstance(terms, dict):
            draft.findings.append(source.finding(("terms",), "wrong_shape", wanted="id: …"))
            continue
        for id_, raw in (terms or {}).items():
            if id_ in draft.places:
                there = draft.places[id_]
                where = f"{there.path}:{there.line(('terms', id_))}"
                draft.findings.append(source.finding(("terms", id_), "same_id", term=id_, where=where))
                continue
            draft.places[id_] = source
            if term := _term(draft, source, id_, raw):
                yield id_, term


def _term(draft: Draft, source: Source, id_: str, raw: object) -> Term | None:
    keys: Keys = ("terms", id_)
    if not re.fullmatch(SLUG, id_):
        draft.findings.append(source.finding(keys, "bad_id", value=id_))
    try:
        return Term.model_validate(raw)
    except ValidationError as errors:
        draft.findings += complaints(source, keys, errors, Term)
        return None
