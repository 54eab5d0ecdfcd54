"""How people and requests are named in texts: `person:7`, `REQ-42`. Pure."""


def reference(person: int) -> str:
    """How answers and use cases name a person: never by a channel's id."""
    return f"person:{person}"


def person_number(name: object) -> int | None:
    """The person that a use case means by `person:7`, None for a role or anything else."""
    digits = str(name).removeprefix("person:")
    return int(digits) if digits != name and digits.isascii() and digits.isdigit() else None


def number_of(text: str) -> int | None:
    """The number in `REQ-42`, `req 42` or `42`; None if it is none."""
    digits = text.strip().casefold().removeprefix("req").lstrip("- ").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004  (fits the database's integers)
