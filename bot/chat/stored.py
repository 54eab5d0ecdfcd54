"""Cards and forms as JSON, for a job that posts later and for a channel that keeps what it showed."""

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, cast

from bot.chat import ui

T = TypeVar("T")
_CLASSES = {name: kind for name, kind in vars(ui).items() if isinstance(kind, type) and is_dataclass(kind)}
_TYPE = "$"  # no id of a form's state may be called so


def stored(value: Any) -> Any:
    """A card, a form or a part of one as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: stored(getattr(value, field.name)) for field in fields(value)}
        return {_TYPE: type(value).__name__, **parts}
    if isinstance(value, tuple):
        return [stored(part) for part in value]
    return dict(value) if isinstance(value, dict) else value


def restored(data: Any, wanted: type[T]) -> T:
    """What `stored` made, as it was. Raises ValueError for anything else."""
    value = _restored(data)
    if not isinstance(value, wanted):
        raise ValueError(f"no {wanted.__name__}")  # noqa: TRY004  (the data are wrong, not our types)
    return value


def _restored(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_restored(part) for part in data)
    if not isinstance(data, dict) or _TYPE not in data:
        return data
    kind = _CLASSES.get(cast(str, data[_TYPE]))
    parts = {name: _restored(part) for name, part in data.items() if name != _TYPE}
    try:
        return cast(Any, kind)(**parts)
    except TypeError as error:
        raise ValueError(f"no element {data[_TYPE]!r}") from error
