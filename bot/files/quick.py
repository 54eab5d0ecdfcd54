"""The quick way into a YAML file: libyaml, for texts in which nothing is odd.

Reading 10,000 terms takes five seconds instead of a minute. libyaml knows YAML 1.1, and its messages are
for programmers; so a text with a mistake, or with anything that the two may understand differently, is
left to the careful reader (`bot.files.careful`).
"""

import re
from typing import Any

import yaml

from bot.files.values import MAX_DEPTH, Content, Keys, scalar

# tabs, line breaks of YAML 1.1, directives; a comment that touches the sign of a block
_ODD = re.compile("[\t\r\x85\u2028\u2029\ufeff]|^%|[|>][-+0-9]*#", re.MULTILINE)


def quickly(text: str) -> Content | None:
    """What a text says, and the line of every value; None if the careful reader has to look at it."""
    loader = getattr(yaml, "CSafeLoader", None)  # missing where PyYAML was built without libyaml
    if loader is None or _ODD.search(text):
        return None
    try:
        parser = loader(text)
        reader = _Reader(parser.get_event)
        return reader.document(), reader.lines
    except (_Odd, yaml.YAMLError, UnicodeError):
        return None


class _Odd(Exception):
    """Not for the quick way."""


class _Reader:
    """Turns libyaml's events into plain data and notes the lines."""

    def __init__(self, following: Any) -> None:
        self.lines: dict[Keys, int] = {(): 1}
        self._next = following

    def document(self) -> Any:
        self._next()  # the stream starts
        event = self._next()
        if type(event) is yaml.StreamEndEvent:
            return None
        value = self._value(self._next(), ())
        self._next()  # the document ends
        if type(self._next()) is not yaml.StreamEndEvent:
            raise _Odd
        return value

    def _value(self, event: Any, keys: Keys) -> Any:
        kind = type(event)
        if event.anchor is not None or event.tag is not None or len(keys) > MAX_DEPTH:
            raise _Odd
        if kind is yaml.ScalarEvent:
            return scalar(event.value, event.style)
        if kind is yaml.MappingStartEvent:
            return self._mapping(event, keys)
        if kind is yaml.SequenceStartEvent:
            return self._sequence(keys)
        raise _Odd

    def _mapping(self, start: Any, keys: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        in_braces = start.flow_style
        while type(event := self._next()) is yaml.ScalarEvent:
            key = event.value
            if key in found or event.anchor is not None or event.tag is not None:
                raise _Odd
            place = (*keys, key)
            self.lines[place] = event.start_mark.line + 1
            value = self._next()
            if in_braces and type(value) is yaml.ScalarEvent and not value.value and not value.style:
                raise _Odd  # {de: Yes, please}, or {name} as a text
            found[key] = self._value(value, place)
        if type(event) is not yaml.MappingEndEvent:
            raise _Odd
        return found

    def _sequence(self, keys: Keys) -> list[Any]:
        found: list[Any] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            place = (*keys, len(found))
            self.lines[place] = event.start_mark.line + 1
            found.append(self._value(event, place))
        return found
