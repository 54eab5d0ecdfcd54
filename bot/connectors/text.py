"""Markdown for tools with limits: shorter, without pictures, as plain text and as HTML."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PICTURE = re.compile(r"^```mermaid\n.*?^```\n?", re.MULTILINE | re.DOTALL)
_EMPTY_LINES = re.compile(r"\n{3,}")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_JOINER = "\u2060"


def without_pictures(markdown: str) -> str:
    """Without diagrams: most tools show only their source."""
    return _EMPTY_LINES.sub("\n\n", _PICTURE.sub("", markdown))


def shortened(markdown: str, most: int, note: str) -> str:
    """At most so many characters: whole lines from the beginning, then the note that there is more."""
    if len(markdown) <= most:
        return markdown
    left, kept = most - len(note) - 2, []
    for line in markdown.split("\n"):
        if len(line) + 1 > left:
            kept.append(_cut(line, left))
            break
        kept.append(line)
        left -= len(line) + 1
    if sum(line.startswith("```") for line in kept) % 2:
        kept = kept[: max(at for at, line in enumerate(kept) if line.startswith("```"))]
    return "\n".join(kept).rstrip() + f"\n\n{note}"


def as_html(markdown: str) -> str:
    """As HTML without a script, a picture or a link of anybody."""
    drawn: str = _MARKDOWN.render(markdown)
    return drawn.replace(_JOINER, "")


def as_text(markdown: str) -> str:
    """As plain text that reads well in a mail."""
    return "\n".join(_lines(_MARKDOWN.parse(markdown))).replace(_JOINER, "").strip() + "\n"


def _cut(line: str, most: int) -> str:
    """The beginning of a line; a backslash keeps the character that it is for."""
    cut = line[: max(0, most - 2)]
    lost = (len(cut) - len(cut.rstrip("\\"))) % 2
    cut = cut[: len(cut) - lost]
    return f"{cut} |" if line.startswith("|") else cut


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    """A line for each paragraph, item and row; an empty one around blocks."""
    cells: list[str] | None = None
    mark = ""
    for token in tokens:
        match token.type:
            case "inline" if cells is not None:
                cells.append(_words(token))
            case "inline":
                yield from f"{mark}{_words(token)}".split("\n")
                mark = ""
            case "fence" | "code_block":
                yield from token.content.rstrip("\n").split("\n")
            case "list_item_open":
                mark = f"{token.info}{token.markup} " if token.info else "- "
            case "tr_open":
                cells = []
            case "tr_close":
                if text := ": ".join(filter(None, cells or [])):
                    yield text
                cells = None
            case "heading_open":
                yield ""
            case "heading_close" | "paragraph_close" if not token.hidden:
                yield ""
            case "bullet_list_close" | "ordered_list_close" | "table_close":
                yield ""
            case _:
                pass


def _words(token: Token) -> str:
    said = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(said.get(part.type, part.content) for part in token.children or ())
