"""The living glossary back in its files: what has not changed stays as it was typed, to the last byte.

The block of a term that has changed is read with its comments, changed where it differs and written
again (ruamel.yaml's round trip); new terms come at the end of the main file. The result is read once
more and compared, so that nothing is lost in between.
"""

import io
import os
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.files.findings import FileBroken
from bot.files.source import Source
from bot.files.values import Keys, is_more_than_text
from bot.glossary.file import CannotWrite, Draft, draft_of, load
from bot.glossary.model import Entry, Glossary, Term

_HEAD, _TERMS = "glossary", "terms"
_BOM = b"\xef\xbb\xbf"
_NESTED = re.compile(r"^[^\s#-][^\n]*:[ ]*\n( +)[^\s#-]", re.MULTILINE)
_LISTED = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n( *)- ", re.MULTILINE)


def texts(path: Path, glossary: Glossary) -> dict[Path, str]:
    """The new text of each file that has to change, so that `path` says the same as the glossary.

    Raises FileBroken if the files have mistakes, CannotWrite if they cannot be changed without a loss.
    """
    if not path.exists():
        return {path: fresh(glossary)}
    draft = draft_of(path)
    if draft.findings or draft.glossary is None:
        raise FileBroken(draft.findings)
    changed = dict(_changed(draft, draft.glossary, glossary))
    if changed and not _says(draft, changed, glossary):
        raise CannotWrite
    return changed


def fresh(glossary: Glossary) -> str:
    """All in one new file."""
    terms = {id_: plain(term) for id_, term in glossary.terms.items()}
    data = {"version": 1, _HEAD: plain(glossary.glossary), _TERMS: terms}
    return _dumped(_commented(data), _Style())


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as a file has it, without what is left to its default."""
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def save(files: Mapping[Path, str]) -> None:
    """Write each file in one step, with the line ends and the byte order mark that it had."""
    for path, text in files.items():
        old = path.read_bytes() if path.exists() else b""
        lines = text.replace("\n", "\r\n") if b"\r\n" in old else text
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(lines.encode("utf-8-sig" if old.startswith(_BOM) else "utf-8"))
        if old:
            beside.chmod(path.stat().st_mode)
        beside.replace(path)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a file is indented: columns of a mapping, and of the dash of a list."""

    mapping: int = 2
    dash: int = 2


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of a file from `start` up to `end`, counted from 0, with what shall stand there."""

    start: int
    end: int
    lines: tuple[str, ...] = ()


def _changed(draft: Draft, before: Glossary, after: Glossary) -> Iterator[tuple[Path, str]]:
    new = {id_: term for id_, term in after.terms.items() if id_ not in draft.places}
    for number, source in enumerate(draft.sources):
        page = _Page(source)
        blocks = list(_blocks(draft, page, before, after))
        if number == 0 and before.glossary != after.glossary:
            blocks.append(page.block((_HEAD,), before.glossary, after.glossary))
        if number == 0 and new:
            blocks.append(page.more(new))
        if blocks:
            yield source.path, page.text(blocks)


def _blocks(draft: Draft, page: "_Page", before: Glossary, after: Glossary) -> Iterator[_Block]:
    for id_, old in before.terms.items():
        if draft.places[id_] is not page.source:
            continue
        if id_ not in after.terms:
            yield page.span((_TERMS, id_))
        elif old != (new := after.terms[id_]):
            yield page.block((_TERMS, id_), old, new)


class _Page:
    """One file as lines, and where each entry stands in them."""

    def __init__(self, source: Source) -> None:
        text = source.path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        self.source = source
        self._lines = text.split("\n")
        self._style = _style(text)
        entries = {keys: line - 1 for keys, line in source.lines.items() if keys and len(keys) <= 2}  # noqa: PLR2004
        self._starts = sorted(entries.values())
        self._terms = [keys for keys in entries if keys[0] == _TERMS and len(keys) > 1]

    def span(self, keys: Keys) -> _Block:
        """The lines of an entry: up to the next one, without what introduces that."""
        start = self.source.lines[keys] - 1
        following = bisect_right(self._starts, start) if len(keys) > 1 else len(self._starts)
        end = self._starts[following] if following < len(self._starts) else self._end_of(keys)
        while end > start + 1 and _introduces(self._lines[end - 1], self._indent(start)):
            end -= 1
        return _Block(start, end)

    def block(self, keys: Keys, old: Entry, new: Entry) -> _Block:
        """The same lines, changed where the entry has changed."""
        span = self.span(keys)
        indent = self._indent(span.start)
        read = _yaml(self._style).load(
            "\n".join(line[indent:] for line in self._lines[span.start : span.end])
        )
        _update(read[keys[-1]], plain(old), plain(new))
        return _Block(span.start, span.end, _dumped_lines(read, self._style, indent))

    def more(self, terms: Mapping[str, Term]) -> _Block:
        """Further terms, below those that are there."""
        data = {id_: plain(term) for id_, term in terms.items()}
        if self._terms:
            last = self.span(max(self._terms, key=self.source.lines.__getitem__))
            lines = _dumped_lines(_commented(data), self._style, self._indent(last.start))
            return _Block(last.end, last.end, ("", *lines))
        lines = _dumped_lines(_commented({_TERMS: data}), self._style, 0)
        if (_TERMS,) in self.source.lines:
            span = self.span((_TERMS,))
            return _Block(span.start, span.end, lines)
        return _Block(len(self._lines), len(self._lines), lines)

    def text(self, blocks: list[_Block]) -> str:
        """The file with these blocks."""
        lines = list(self._lines)
        for block in sorted(blocks, key=lambda block: block.start, reverse=True):
            lines[block.start : block.end] = block.lines
        return "\n".join(lines).rstrip("\n") + "\n"

    def _end_of(self, keys: Keys) -> int:
        """Where the last entry of its kind ends: at the next key of the file, or with the file."""
        start = self.source.lines[keys] - 1
        tops = (line - 1 for place, line in self.source.lines.items() if len(place) == 1)
        return min((line for line in tops if line > start), default=len(self._lines))

    def _indent(self, at: int) -> int:
        return len(self._lines[at]) - len(self._lines[at].lstrip())


def _introduces(line: str, indent: int) -> bool:
    """An empty line, or a comment that stands no deeper than the entry."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= indent)


def _style(text: str) -> _Style:
    """As the first nested key and the first list of a file are indented."""
    nested, listed = _NESTED.search(text), _LISTED.search(text)
    return _Style(
        mapping=len(nested[1]) if nested else 2,
        dash=len(listed[2]) - len(listed[1]) if listed else 2,
    )


def _says(draft: Draft, changed: Mapping[Path, str], glossary: Glossary) -> bool:
    """Whether the files, changed like this, say what the glossary says."""
    main = draft.sources[0].path
    with tempfile.TemporaryDirectory() as folder:
        for source in draft.sources:
            copy = Path(folder) / os.path.relpath(source.path, main.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = changed.get(source.path)
            copy.write_bytes(text.encode() if text is not None else source.path.read_bytes())
        try:
            read = load(Path(folder) / main.name)
        except FileBroken:
            return False
    return read.glossary == glossary.glossary and read.terms == dict(glossary.terms.items())


def _update(node: CommentedMap, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Change what differs; what is the same keeps its comments, and defaults that are written stay."""
    for key in old.keys() - new.keys():
        node.pop(key, None)
    for at, (key, value) in enumerate(new.items()):
        if key in old and old[key] == value:
            continue
        if key not in node:
            before = [name for name in list(new)[:at] if name in node]
            node.insert(list(node).index(before[-1]) + 1 if before else 0, key, _commented(value))
        else:
            node[key] = _changed_value(node[key], old.get(key), value)


def _changed_value(node: Any, old: Any, new: Any) -> Any:
    if isinstance(node, CommentedMap) and isinstance(old, dict) and isinstance(new, dict):
        _update(node, old, new)
        return node
    if isinstance(node, CommentedSeq) and isinstance(old, list) and isinstance(new, list):
        for at, value in enumerate(new[: len(old)]):
            if old[at] != value:
                node[at] = _changed_value(node[at], old[at], value)
        del node[len(new) :]
        node.extend(_commented(value) for value in new[len(old) :])
        return node
    return _commented(new)


def _commented(value: Any) -> Any:
    """Plain data as ruamel.yaml's."""
    match value:
        case dict():
            return CommentedMap((_commented(key), _commented(item)) for key, item in value.items())
        case list():
            return CommentedSeq(_commented(item) for item in value)
        case str() if "\n" in value and _is_literal(value):
            return LiteralScalarString(value)
        case str() if is_more_than_text(value) or not value.isprintable():
            return DoubleQuotedScalarString(value)
        case _:
            return value


def _is_literal(text: str) -> bool:
    """Whether it can stand line by line as it is."""
    lines = text.split("\n")
    return (
        all(line.isprintable() and line == line.rstrip() for line in lines) and lines[0][:1].strip() != ""
    )


def _yaml(style: _Style) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # no line of a person is broken
    yaml.indent(mapping=style.mapping, sequence=style.dash + 2, offset=style.dash)
    return yaml


def _dumped(data: Any, style: _Style) -> str:
    stream = io.StringIO()
    _yaml(style).dump(data, stream)
    return stream.getvalue()


def _dumped_lines(data: Any, style: _Style, indent: int) -> tuple[str, ...]:
    lines = _dumped(data, style).rstrip("\n").split("\n")
    return tuple(f"{' ' * indent}{line}" if line.strip() else "" for line in lines)
