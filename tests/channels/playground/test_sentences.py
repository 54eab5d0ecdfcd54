"""Every sentence of the page is there, and none is left over."""

import re
from pathlib import Path

from bot.channels.playground.people import PEOPLE, ROOMS
from bot.i18n import LANGUAGES, sentences

PAGE = Path(__file__).parents[3] / "bot" / "channels" / "playground"
TEMPLATES = "".join(file.read_text("utf-8") for file in sorted((PAGE / "templates").iterdir()))
CODE = "".join(file.read_text("utf-8") for file in sorted(PAGE.glob("*.py")))


def wanted() -> set[str]:
    """The keys in templates and code; those that are put together are spelled out."""
    named = set(re.findall(r"""\bsay\(["']([a-z_.0-9]+)["'][,)]""", TEMPLATES))
    named |= set(re.findall(r"""["']([a-z_]+)' if seat""", TEMPLATES)) | {"write_here"}
    named |= set(re.findall(r'"playground\.([a-z_.]+[a-z])"', CODE))
    named |= {f"try_{n}{end}" for n in range(1, 6) for end in ("", "_why")}
    named |= {f"person.{id_}" for id_ in PEOPLE} | {f"room.{room.replace('-', '_')}" for room in ROOMS}
    named |= {"error.too_big", "error.no_page"}
    return named | {f"language_{code}" for code in LANGUAGES}


def test_every_sentence_is_there_and_none_is_left_over() -> None:
    known = {key.removeprefix("playground.") for key in sentences("de") if key.startswith("playground.")}
    assert known == wanted()
