"""Conditions of flow files (`show_if`, `when`): what they may say, and whether they hold.

All lines of a condition must hold; there is no "or" and no expression language: two rules instead.
An answer "I do not know yet" is not answered and equals nothing.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

UNKNOWN = "__unknown__"  # the answer "I do not know yet", as it is stored

Answer = str | tuple[str, ...]
Fact = str | int | bool | tuple[str, ...] | None

KINDS = ("tool_wish", "mixed", "requirement", "not_wish")  # what `detected.kind` can be

# What the analysis of a wish, of the systems and of the words says; a condition may name these too.
FactKind = Literal["text", "truth", "list"]
FACTS: Mapping[str, FactKind] = {
    "detected.tool_wish": "truth",
    "detected.kind": "text",
    "detected.product": "text",
    "detected.category": "text",
    "detected.category_id": "text",
    "detected.need": "text",
    "detected.suggested_requirement": "text",
    "detected.existing_system": "truth",
    "detected.existing_system_name": "text",
    "interfaces.connected": "list",
    "interfaces.planned": "list",
    "interfaces.via": "list",
    "interfaces.missing": "list",
    "interfaces.unknown": "list",
    "glossary.known": "list",
    "glossary.unknown": "list",
    "glossary.disputed": "list",
    "landscape.third_country": "list",  # chosen systems whose data lie outside the EEA and Switzerland
}


def _scalar(value: Any) -> str | int | bool:
    if isinstance(value, str | int | bool):
        return value
    raise PydanticCustomError("not_scalar", "one value is expected")


def _several(value: Any) -> list[str]:
    """`excludes: a` is short for `excludes: [a]`."""
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise PydanticCustomError("not_scalar", "texts are expected")
    return texts


def _number(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise PydanticCustomError("not_a_number", "a number is expected")
    return number


Scalar = Annotated[
    str | int | bool,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Several = Annotated[
    list[str],
    PlainValidator(_several),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}]}
    ),
]
Number = Annotated[float, PlainValidator(_number), WithJsonSchema({"type": "number"})]


class Comparison(BaseModel):
    """What must be true of one answer or fact; all keys that are given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    is_: Scalar | None = Field(default=None, alias="is", description="equals")
    not_: Scalar | None = Field(
        default=None, alias="not", description="is not; also holds for an empty answer"
    )
    one_of: list[Scalar] | None = Field(default=None, min_length=1)
    includes: str | None = Field(default=None, description="a multiple choice contains this")
    excludes: Several | None = Field(
        default=None, description="a multiple choice contains none of these; also holds for an empty answer"
    )
    more_than: Number | None = Field(default=None, description="a number, or the length of a list")
    less_than: Number | None = None
    answered: bool | None = Field(default=None, description="“I do not know yet” is not answered")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`question: value` is short for `is`, `question: [a, b]` for `one_of`."""
        if isinstance(value, str | int | bool):
            return {"is": value}
        return {"one_of": value} if isinstance(value, list) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        scalar = {"type": ["string", "number", "boolean"]}
        full = handler.resolve_ref_schema(handler(core_schema))
        return {
            "anyOf": [
                scalar,
                {"type": "array", "minItems": 1, "items": scalar},
                {**full, "minProperties": 1},
            ]
        }

    def holds(self, value: Answer | Fact) -> bool:
        """Whether it is true of a value (None: no answer)."""
        known = None if value in {UNKNOWN, "", ()} or value == (UNKNOWN,) else value
        counted = value if value == () else known  # an empty list has no entries; no answer has no number
        return all(
            (
                self.is_ is None or _same(known, self.is_),
                self.not_ is None or not _same(known, self.not_),
                self.one_of is None or any(_same(known, one) for one in self.one_of),
                self.includes is None or _includes(known, self.includes),
                self.excludes is None or not any(_includes(known, one) for one in self.excludes),
                self.more_than is None or _measure(counted, -math.inf) > self.more_than,
                self.less_than is None or _measure(counted, math.inf) < self.less_than,
                self.answered is None or (known is not None) == self.answered,
            )
        )

    def literals(self) -> list[str | int | bool]:
        """Every value that it compares with."""
        ones = [self.is_, self.not_, self.includes, *(self.one_of or ()), *(self.excludes or ())]
        return [one for one in ones if one is not None]


Condition = dict[str, Comparison]


def _same(value: Answer | Fact, wanted: str | int | bool) -> bool:
    if isinstance(wanted, bool):
        return bool(value) == wanted
    if isinstance(value, tuple):
        return value == (str(wanted),)
    return value is not None and not isinstance(value, bool) and str(value) == str(wanted)


def _includes(value: Answer | Fact, wanted: str) -> bool:
    return wanted in value if isinstance(value, tuple) else value == wanted


def _measure(value: Answer | Fact, otherwise: float) -> float:
    """A list counts its entries, a text is read as a number; what is neither satisfies nothing."""
    if isinstance(value, tuple):
        return len(value)
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return otherwise


def holds(condition: Mapping[str, Comparison] | None, values: Mapping[str, Answer | Fact]) -> bool:
    """Whether all lines of a condition are true of the answers and facts."""
    return condition is None or all(
        comparison.holds(values.get(name)) for name, comparison in condition.items()
    )
