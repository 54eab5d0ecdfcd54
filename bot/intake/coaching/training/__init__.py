"""Labelled answers and the models that are trained on them; see README.md of this folder."""

from pathlib import Path

FOLDER = Path(__file__).parent
