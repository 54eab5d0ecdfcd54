"""Glossaries that many tests ask. They are immutable, so one of each serves all."""

from pathlib import Path

import pytest

from bot.glossary.book import Book
from bot.glossary.file import load
from tests.db.fixtures import *  # noqa: F403  (both databases, for every test that asks for one)

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def example() -> Book:
    """The customer's example glossary."""
    return Book(load(DATA / "examples" / "glossary.yaml"))


@pytest.fixture(scope="session")
def shipped() -> Book:
    """The glossary of this repository."""
    return Book(load(ROOT / "glossary.yaml"))
