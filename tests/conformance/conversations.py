"""What people say and press, as data: the same in every channel, and what they must see each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.conformance.building import Building
from tests.conformance.people import Room
from tests.conformance.shown import Given, Talker


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the person does (a method of `Talker`) or that happens, and words that they see."""

    does: str
    given: tuple[Any, ...]
    sees: tuple[str, ...] = ()

    async def by(self, talker: Talker, building: Building) -> None:
        """Do it."""
        if self.does == "database":
            building.is_locked = bool(*self.given)
        else:
            await getattr(talker, self.does)(*self.given)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person in one room."""

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


def change(question: str, answers: Mapping[str, Given], *sees: str) -> Step:
    """An answer on which others depend."""
    return Step("change", (question, answers), sees)


def wait(seconds: float, *sees: str) -> Step:
    """Time passes, and jobs are done."""
    return Step("wait", (seconds,), sees)


def database(*, locked: bool, sees: tuple[str, ...] = ()) -> Step:
    """Nobody can write; or they can again."""
    return Step("database", (locked,), sees)


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


USE_CASE = {
    "trigger": "Sobald sich jemand zum Webinar anmeldet",
    "action": "Das CRM legt eine Aufgabe für den Innendienst an",
    "goal": "80 % der Anfragen in 24 Stunden (heute 45 %)",
    "benefit": "Zwei Stunden weniger Handarbeit pro Woche",
}
SYSTEMS: Mapping[str, Given] = {"systems": ("gotowebinar", "salesforce"), "data_class": ("business",)}
PLAN: Mapping[str, Given] = {
    "kpi": ("lead-response-time",),
    "kpi_change": "3 Tage → 24 Stunden",
    "deadline": "2027-03-01",
    "impact": "department",
    "shared_goal": ("less_manual", "fewer_tools"),
}
TO_THE_REVIEW = (
    command("request", "Wir brauchen HubSpot", "Was möchtest du erreichen?", "Wir brauchen HubSpot"),
    fill({}, "Vom Tool zum Bedarf", "Erkannt HubSpot"),
    change("existing_fit", {"existing_fit": "gap"}, "Was fehlt dort?"),
    fill({"fit_gap": "Das Verhalten auf der Website", "tool_preference": "favourite"}, "Nutzen"),
    fill(USE_CASE, "Systeme und Daten"),
    change("systems", SYSTEMS, "GoToWebinar", "Welche Daten fliessen von wo nach wo?"),
    fill({"data_flow": "E-Mail und Einwilligung", "legal_basis": "consent", "data_location": "eea_ch"}),
    change("deadline", PLAN, "Was passiert an diesem Tag?"),
    fill({"deadline_reason": "Die Fachmesse beginnt."}, "Übersicht", "Bereitschaft"),
)
DIALOGS = (
    Conversation(
        "a wish becomes a request, is changed and withdrawn",
        "marketing",  # what the team does is told in the direct message
        (
            *TO_THE_REVIEW,
            fill({}, "Auslöser", button="Ändern: Use Case"),
            fill(
                {"trigger": "Sobald sich jemand zum <b>Webinar</b> *anmeldet*"},
                "Übersicht",
                "<b>Webinar</b>",
            ),
            fill({"the-links": "javascript:alert(1)"}, "ist keine Adresse"),
            fill({"the-links": "https://example.com/a"}, "Danke! REQ-1 ist bei der IT."),
            command("request", "status", "REQ-1 · eingereicht"),
            press("REQ-1 zeigen", "Zwei Stunden weniger Handarbeit pro Woche"),
            press("Ändern", "Übersicht"),
            fill({}, "Auslöser", button="Ändern: Use Case"),
            fill({"trigger": "Wenn die Messe beginnt"}, "Wenn die Messe beginnt"),
            fill({}, "REQ-1 ist geändert."),
            command("klartext", "meine Anfragen", "REQ-1"),
            press("REQ-1 zeigen", "Wenn die Messe beginnt"),
            press("Zurückziehen", "REQ-1 ist zurückgezogen."),
            command("request", "status", "REQ-1 · zurückgezogen"),
        ),
    ),
    Conversation(
        "back, save and resume",
        "direct",
        (
            command("request", "Wir brauchen HubSpot", "Wir brauchen HubSpot"),
            fill({}, "Vom Tool zum Bedarf"),
            fill({}, "Use Case"),
            fill({"trigger": "halb getippt"}, "Vom Tool zum Bedarf", button="Zurück"),
            fill({}, "halb getippt"),
            fill({"trigger": "Sobald jemand kommt"}, "Das fehlt noch."),
            fill(USE_CASE, "«Wir brauchen HubSpot»", button="Entwurf speichern"),
            press("Weitermachen", USE_CASE["trigger"]),
            fill({}, "Die IT weiss Bescheid", button="Früh mit IT sprechen"),
            fill({}, "Systeme und Daten"),
            change(
                "systems", {"systems": ("other",), "systems-other": "Brevo & Söhne"}, "Brevo & Söhne steht"
            ),
            fill({}, "Termin und Beteiligte"),
            fill({"impact": "team"}, "Übersicht", "Brevo & Söhne"),
            fill({}, "Verworfen.", button="Verwerfen"),
            say("meine Anfragen", "Du hast noch keine Anfrage."),
        ),
    ),
    Conversation(
        "a draft that was left alone",
        "direct",
        (
            command("request", "Wir brauchen HubSpot", "Wir brauchen HubSpot"),
            fill({"wish": "Wir brauchen HubSpot & *mehr*"}, "Vom Tool zum Bedarf"),
            say("Danke"),
            wait(30 * 60 + 1, "Dein Entwurf «Wir brauchen HubSpot & *mehr*» wartet."),
            press("Weitermachen", "Vom Tool zum Bedarf"),
        ),
    ),
    Conversation(
        "a hint of the coach, refused",
        "direct",
        (
            command("request", "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM", "Webinar"),
            fill({}, "Use Case"),
            fill({**USE_CASE, "goal": "Viel mehr Leads"}, "Zum Überlegen."),
            fill({}, "Danke, der Tipp ist weg.", button="Tipp passt nicht"),
        ),
    ),
    Conversation(
        "two hints of the coach, the first one refused",
        "direct",
        (
            command("request", "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM", "Webinar"),
            fill({}, "Use Case"),
            fill(
                {**USE_CASE, "action": "Das CRM legt schnell eine Aufgabe an", "goal": "Viel mehr Leads"},
                "💡 Tipp 1 ",
                "💡 Tipp 2 ",
            ),
            fill({}, "Danke, der Tipp ist weg.", "💡 Welche Zahl", button="Tipp 1 passt nicht"),
            fill({}, "Die IT weiss Bescheid", "💡 Welche Zahl", button="Früh mit IT sprechen"),
            fill({}, "Systeme und Daten"),
        ),
    ),
    Conversation(
        "kinds of requests, and a question to the data team",
        "direct",
        (
            command("request", "", "Worum geht es?"),
            press("Frage ans Datenteam", "Was möchtest du wissen?"),
            fill(
                {
                    "question": "Bringen die Webinare mehr Termine als die Messe?",
                    "decision": "Ob das Budget in Webinare oder in die Messe geht",
                },
                "Kennzahl",
            ),
            change("kpi", {"kpi": ("conversion-rate",)}, "Conversion"),
            fill(
                {"expected": "8 bis 12 %", "compare_with": "previous_year", "split_by": ("channel",)},
                "Segment",
            ),
        ),
    ),
    Conversation(
        "what belongs elsewhere",
        "direct",
        (
            command("request", "Ich brauche Zugriff auf HubSpot", "Zugang"),
            press("Trotzdem als Vorhaben anfragen", "Was möchtest du erreichen?"),
        ),
    ),
)


AWAY = "nichts ist verloren"
FAILING = (
    Conversation(
        "a database that is busy while a form is sent",
        "marketing",
        (
            command("define", "lead"),
            press("Bei uns heisst das anders", "Was heisst es bei euch?"),
            database(locked=True),
            fill({"text": "Jede *Visitenkarte*"}, AWAY, "Jede *Visitenkarte*"),
            fill({"text": "Jede Visitenkarte"}, AWAY, "Jede Visitenkarte"),
            database(locked=False, sees=("Jede Visitenkarte",)),
            fill({}, "Danke. Wer für «Lead» zuständig ist"),
        ),
    ),
    Conversation(
        "a database that is busy while somebody answers",
        "direct",
        (
            *TO_THE_REVIEW[:5],
            database(locked=True),
            change("systems", SYSTEMS, AWAY, "salesforce"),
            fill({}, AWAY, "salesforce", button="Zurück"),
            database(locked=False),
            change("systems", SYSTEMS, "GoToWebinar", "Welche Daten fliessen von wo nach wo?"),
            fill(
                {"data_flow": "E-Mail", "legal_basis": "consent", "data_location": "eea_ch"},
                "Termin und Beteiligte",
            ),
        ),
    ),
)
