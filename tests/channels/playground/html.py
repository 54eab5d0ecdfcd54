"""Reads HTML as a browser does, as far as tests ask: elements with attributes and text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"input", "hr", "br", "img", "meta", "link"}


@dataclass
class Tag:
    """An element."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Tag | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words inside."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str, /, **attributes: str) -> "list[Tag]":
        """Every element of this name inside, with these attributes (`_` stands for `-`)."""
        wanted = {key.strip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            tag for tag in self._inside() if tag.name == name and wanted.items() <= tag.attributes.items()
        ]

    def one(self, name: str, /, **attributes: str) -> "Tag":
        """The only such element."""
        (found,) = self.all(name, **attributes)
        return found

    def fields(self) -> dict[str, str]:
        """The hidden fields of a form."""
        return {f.attributes["name"]: f.attributes["value"] for f in self.all("input", type="hidden")}

    def _inside(self) -> "Iterator[Tag]":
        for child in self.children:
            if isinstance(child, Tag):
                yield child
                yield from child._inside()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Tag("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        new = Tag(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(new)
        if tag not in _VOID:
            self.open.append(new)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Tag:
    """The elements of a page. Fails if one is not closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (root,) = reader.open
    return root
