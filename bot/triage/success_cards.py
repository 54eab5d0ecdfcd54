"""What a request has brought, as people see it: the delivered post, the question, the answer. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.ui import (
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Element,
    Form,
    LinesInput,
    Option,
    Text,
    TextInput,
)
from bot.i18n import say
from bot.requests.tables import Request
from bot.text.clean import shown as as_typed
from bot.triage.buttons import show
from bot.triage.views import figures

MEASURED = "measured"  # the event of a request whose real number was said
MEASURE = "triage.measure"  # the button and the form
BENEFITS = ("yes", "partly", "no")
BENEFIT, VALUE, TEXT = "benefit", "value", "text"
SHORT, LONG = 100, 1_000  # characters
_TITLE = 80


def effect_words(given: Mapping[str, Any]) -> str:
    """A delivery in a line: the figure before and after, else what is better now."""
    return figures(given) or str(given.get("effect") or "")


def measured_words(given: Mapping[str, Any], language: str) -> str:
    """What came of it, in a line."""
    benefit = given.get(BENEFIT)
    said = say(language, f"agenda.benefit.{benefit}") if benefit in BENEFITS else ""
    return ": ".join(filter(None, (said, str(given.get(VALUE) or given.get(TEXT) or ""))))


def live(request: Request, effect: str, teams: Sequence[str], helpers: Sequence[str]) -> Card:
    """The post: what is live, what it brings, thanks to the teams; people only if they agreed."""
    language = request.language
    title = say(language, "agenda.live", label=request.label, title=as_typed(request.title, _TITLE))
    parts: list[Element] = [Text(title, "strong")]
    if effect:
        parts.append(Text(effect))
    for key, names in (("agenda.thanks", teams), ("agenda.helped", helpers)):
        if names:
            parts.append(Text(say(language, key, names=_listed(names, language))))
    return Card(title, (*parts, Buttons((show(request, language),))))


def measure_button(request: Request, language: str) -> Button:
    """Opens the question for the real number."""
    return Button(say(language, "agenda.measure"), MEASURE, str(request.number), opens=True)


def form(request: Request, known: Mapping[str, Any], language: str) -> Form:
    """The question; `known` is what was said before."""
    options = tuple(Option(one, say(language, f"agenda.benefit.{one}")) for one in BENEFITS)
    chosen = known.get(BENEFIT)
    return Form(
        MEASURE,
        say(language, "agenda.measure"),
        (
            Text(f"{request.label} · {as_typed(request.title, _TITLE)}", "subtle"),
            ChoiceInput(
                BENEFIT,
                say(language, "agenda.benefit_label"),
                options=options,
                initial=(str(chosen),) if chosen in BENEFITS else (),
            ),
            TextInput(
                VALUE,
                say(language, "agenda.value_label"),
                required=False,
                hint=say(language, "agenda.value_hint"),
                initial=str(known.get(VALUE) or ""),
                max_length=SHORT,
            ),
            LinesInput(
                TEXT,
                say(language, "agenda.text_label"),
                required=False,
                initial=str(known.get(TEXT) or ""),
                max_length=LONG,
            ),
        ),
        say(language, "chat.save"),
        say(language, "chat.cancel"),
        {"request": str(request.number)},
    )


def thanks(request: Request, benefit: str, language: str) -> Card:
    """It is kept; everybody hears of it, unless it is confidential."""
    sentence = say(language, f"agenda.noted.{benefit}", label=request.label)
    more = () if request.confidential else (Text(say(language, "agenda.noted_next")),)
    return Card(sentence, (Text(sentence), *more))


def _listed(names: Sequence[str], language: str) -> str:
    """A, B and C."""
    *first, last = names
    return say(language, "agenda.and", first=", ".join(first), last=last) if first else last
