"""The README says what is there."""

import re
import tomllib

from typer.main import get_command

from bot.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_and_option_is_in_the_readme() -> None:
    root = get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        for sub in getattr(command, "commands", {}):
            assert f"klartext {name} {sub}" in README
        assert f"klartext {name}" in README
        for parameter in command.params:
            for option in (opt for opt in parameter.opts if opt.startswith("--") and not parameter.hidden):
                assert option in README, option


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
