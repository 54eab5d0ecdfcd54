"""The coach as the tests use it: shipped words and weights, and the product list of the repository."""

from functools import cache
from pathlib import Path

from bot.intake.coach import Coach
from bot.intake.coaching.judge import load_models
from bot.intake.coaching.names import DEFAULT_FILE, plain_names
from bot.intake.coaching.wordfile import word_lists

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
EXAMPLES = DATA / "examples"


@cache
def coach_for_tests() -> Coach:
    """One coach for all tests: it has no state. Its dictionaries are loaded now, not within a test."""
    coach = Coach(word_lists(), load_models(), plain_names(ROOT / DEFAULT_FILE))
    coach.unstated("Die Liste wird geprüft. The list is checked.")
    return coach
