"""The command line, run in this process."""

from collections.abc import Mapping

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.conftest import ROOT


class Runner:
    """Runs `klartext …` in this process."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = environ or {}

    def __call__(self, *words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, words, input=typed, env=self.environ)


@pytest.fixture
def klartext(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """At the root of the repository, in German."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("LC_ALL", "de_CH.UTF-8")
    return Runner()
