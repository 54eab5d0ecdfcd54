"""What people see of their own settings. Pure."""

from collections.abc import Sequence

from bot.chat.events import Asker
from bot.chat.ui import Button, Buttons, Card, ChoiceInput, Facts, Form, Option, Text
from bot.i18n import LANGUAGES, say
from bot.people.away import away_button

SETTINGS = "people.settings"
LANGUAGE, DEPARTMENT = "language", "department"


def settings_card(asker: Asker, department: str, note: str = "") -> Card:
    """What Klartext knows of a person and how to change it; `department` is its name or empty."""
    language = asker.language
    title = say(language, "people.settings")
    known = (
        (say(language, "people.name"), asker.name),
        (say(language, "people.language"), say(language, f"people.{language}")),
        (say(language, "people.department"), department or say(language, "people.no_department")),
    )
    change = Button(say(language, "people.change"), SETTINGS, style="primary", opens=True)
    head = (Text(note),) if note else (Text(title, "strong"),)
    rows = tuple((name, value) for name, value in known if value)
    about = Text(say(language, "people.kept"), "subtle")
    return Card(note or title, (*head, Facts(rows), Buttons((change, away_button(language))), about))


def settings_form(asker: Asker, departments: Sequence[Option]) -> Form:
    """Language and department."""
    language = asker.language
    languages = tuple(Option(code, say(language, f"people.{code}")) for code in LANGUAGES)
    home = (asker.home,) if asker.home in {option.value for option in departments} else ()
    return Form(
        action=SETTINGS,
        title=say(language, "people.settings"),
        elements=(
            ChoiceInput(LANGUAGE, say(language, "people.language"), options=languages, initial=(language,)),
            ChoiceInput(
                DEPARTMENT,
                say(language, "people.department"),
                required=False,
                hint=say(language, "people.department_hint"),
                options=tuple(departments),
                initial=tuple(filter(None, home)),
            ),
        ),
        submit=say(language, "chat.save"),
        cancel=say(language, "chat.cancel"),
    )
