"""Tests of the memory run on both databases."""

from tests.db.fixtures import *  # noqa: F403
