"""Names for what a use case refers to by id: people and roles, systems, terms, departments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.i18n import say, sentences
from bot.intake.landscape import namer
from bot.intake.systems import Landscape
from bot.intake.texts import localised

Name = Callable[[str], str]


def _same(id_: str) -> str:
    return id_


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called, in one language. What has no name is called by its id."""

    person: Name = _same
    system: Name = _same
    term: Name = _same
    department: Name = _same


def names(
    landscape: Landscape,
    language: str,
    people: Mapping[str, str] | None = None,
    term: Name = _same,
    department: Name = _same,
) -> Names:
    """The names that the landscape has, those of `people` by reference, and our own for common roles."""
    known = people or {}
    return Names(
        lambda one: known.get(one) or role_name(one, landscape, language),
        namer(landscape),
        term,
        department,
    )


def role_name(reference: str, landscape: Landscape, language: str) -> str:
    """What a role is called: by the landscape, by us, else by its id in words."""
    role = reference.removeprefix("role:")
    if role in landscape.owners:
        return localised(landscape.owners[role], language)
    if f"ticket.role.{role}" in sentences("en"):
        return say(language, f"ticket.role.{role}")
    return role.replace("_", " ").capitalize() if reference.startswith("role:") else reference
