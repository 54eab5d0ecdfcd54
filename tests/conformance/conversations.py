"""What people say and press, as data: the same in every channel, and what they must see each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.conformance.people import Room
from tests.conformance.shown import Given, Talker


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the person does (a method of `Talker`), and words that they see then."""

    does: str
    given: tuple[Any, ...]
    sees: tuple[str, ...] = ()

    async def by(self, talker: Talker) -> None:
        """Do it."""
        await getattr(talker, self.does)(*self.given)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person in one room; `seconds` pass before a step that waits."""

    name: str
    room: Room
    steps: tuple[Step, ...]


def say(text: str, *sees: str) -> Step:
    """To Klartext alone."""
    return Step("say", (text,), sees)


def command(name: str, text: str, *sees: str) -> Step:
    """With a slash."""
    return Step("command", (name, text), sees)


def mention(text: str, *sees: str) -> Step:
    """Aloud."""
    return Step("mention", (text,), sees)


def explain(message: str, *sees: str) -> Step:
    """With somebody's message."""
    return Step("explain", (message,), sees)


def press(label: str, *sees: str) -> Step:
    """A button."""
    return Step("press", (label,), sees)


def old(action: str, value: str, *sees: str) -> Step:
    """A button that is not there any more."""
    return Step("press_old", (action, value), sees)


def fill(answers: Mapping[str, Given], *sees: str, button: str | None = None) -> Step:
    """A form."""
    return Step("fill", (answers, button), sees)


def change(question: str, given: Given, *sees: str) -> Step:
    """An answer on which others depend."""
    return Step("change", (question, {question: given}), sees)


OLD = "Diese Karte ist alt"
ASKING = (
    Conversation(
        "ask",
        "marketing",
        (
            say("Was heisst Lead bei uns?", "Lead", "Jede Person, die Kontaktdaten hinterlassen hat"),
            mention("Ab wann ist ein Lead verwertbar?", "Zählt, wenn"),
            command("define", "MQL", "Marketing"),
            command("define", "list marketing", "Begriffe"),
            command("klartext", "Meistgefragt", "Lead"),
            command("klartext", "help", "In einem Thread geht nur @Klartext"),
        ),
    ),
    Conversation(
        "compare",
        "marketing",
        (
            command("define", "MQL vs SQL", "Unterschied", "Definition"),
            command("define", "lead"),
            press("Vergleichen mit Interessent", "Unterschied", "Interessent"),
        ),
    ),
    Conversation(
        "unknown, a suggestion, the answer",
        "marketing",
        (
            command("define", "leed", "«leed» kenne ich nicht.", "Meintest du"),
            press("Lead", "Jede Person, die Kontaktdaten hinterlassen hat"),
            command("define", "Wombat", "«Wombat» steht nicht in unserem Glossar."),
            press("Begriff vorschlagen", "Welches Wort fehlt?"),
            fill({"text": "Ein Tier mit Beutel"}, "«Wombat» liegt jetzt bei denen"),
        ),
    ),
    Conversation(
        "more and less",
        "direct",
        (
            say("Was ist ein Lead?"),
            press("Mehr", "Zuständig und Stand"),
            press("Weniger", "Andere meinen damit"),
            press("Hilfreich", "Danke, das freut uns."),
        ),
    ),
    Conversation(
        "share",
        "marketing",
        (
            command("define", "lead"),
            press("Dem Kanal zeigen", "Geteilt von Mara Marketing"),
        ),
    ),
    Conversation(
        "remark",
        "marketing",
        (
            command("define", "lead"),
            press("Bei uns heisst das anders", "Was heisst es bei euch?"),
            fill({"text": ""}),
            fill(
                {"text": "Jede *Visitenkarte* <b>zählt</b> & {mehr}"}, "Danke. Wer für «Lead» zuständig ist"
            ),
        ),
    ),
    Conversation(
        "settings",
        "direct",
        (
            say("Einstellungen", "Mara Marketing", "Deutsch", "Marketing"),
            press("Ändern", "Sprache"),
            fill({"language": "en", "department": "sales"}, "Saved."),
            say("settings", "English", "Sales"),
            say("lead", "In your team (Sales)"),
        ),
    ),
    Conversation(
        "explain a message",
        "marketing",
        (
            explain(
                "Der Lead ist noch kein MQL, sagt *Sven* <!channel>.",
                "Das steht dazu im Glossar",
                "Marketing Qualified Lead",
            ),
            explain("Bis morgen!", "In dieser Nachricht steht kein Begriff"),
        ),
    ),
    Conversation(
        "an old card",
        "marketing",
        (
            command("define", "lead"),
            old("glossary.forgotten", "lead", OLD),
            command("define", "lead"),
            old("glossary.differs", "no such term", OLD),
        ),
    ),
)
