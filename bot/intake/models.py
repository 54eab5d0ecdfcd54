"""The trained models that read wishes. `klartext wishes train` makes them from the sentences."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.intake.training import FOLDER
from bot.text.linear import LinearModel, load_model


@dataclass(frozen=True, slots=True)
class Models:
    """`senses`: is a name meant? `wishes`: what does the message want? `roles`: of each product.

    `desks`: who helps with a message that is no wish (access, incident, licence, other).
    """

    senses: LinearModel
    wishes: LinearModel
    roles: LinearModel
    desks: LinearModel


@cache
def load_models(folder: Path = FOLDER) -> Models:
    """The models of a folder, else of this repository. Raises OSError if one is missing."""
    senses, wishes, roles, desks = (
        load_model(folder / f"{name}.json") for name in ("senses", "wishes", "roles", "desks")
    )
    return Models(senses, wishes, roles, desks)
