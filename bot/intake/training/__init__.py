"""Sentences of people who want something, and the small models that are trained on them."""

from pathlib import Path

FOLDER = Path(__file__).parent
