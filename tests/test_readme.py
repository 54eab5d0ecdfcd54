"""The README says what is there."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def commands(group: Any, name: str = "klartext") -> Iterator[tuple[str, Any]]:
    """All commands with their whole names, also those that are loaded later."""
    for sub in group.list_commands(None):
        command, whole = group.get_command(None, sub), f"{name} {sub}"
        if hasattr(command, "list_commands"):
            yield from commands(command, whole)
        else:
            yield whole, command


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    assert name in README
    for parameter in COMMANDS[name].params:
        for option in (opt for opt in parameter.opts if opt.startswith("--") and not parameter.hidden):
            assert option in README, option


def test_the_commands_were_found() -> None:
    assert {"klartext ask", "klartext serve", "klartext glossary import", "klartext db upgrade"} <= set(
        COMMANDS
    )


def test_every_file_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\((?!http|#)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_task_that_is_named_exists() -> None:
    tasks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["poe"]["tasks"]
    named = set(re.findall(r"uv run poe ([\w-]+)", README))
    assert named
    assert named <= set(tasks)


def test_no_file_names_a_registry() -> None:
    """Versions are pinned without the address of a package index."""
    for name in ("pyproject.toml", "deploy/requirements.txt", "README.md"):
        text = (ROOT / name).read_text("utf-8")
        assert "pypi" + ".org" not in text
        assert "--index-url" not in text
