"""The guided request as people use it, without a channel: they say, press and fill in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.chat.events import (
    Account,
    ButtonPressed,
    FieldChanged,
    FormSubmitted,
    Place,
    TextReceived,
)
from bot.chat.ports import Labels, Word
from bot.chat.replies import Close, Errors, Open, Reply, Tell, Update
from bot.chat.router import Router
from bot.chat.ui import (
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Form,
    LinesInput,
    PersonInput,
    TextInput,
)
from bot.db.unit_of_work import Database, Unit
from bot.intake.coach import Coach
from bot.intake.coaching.judge import load_models
from bot.intake.coaching.wordfile import word_lists
from bot.intake.file import load
from bot.intake.lists import load_lists
from bot.intake.office import Neighbours, Office, Readers
from bot.intake.shelf import Shelf
from bot.intake.wish import Analyst
from bot.jobs.tables import Job
from bot.people.directory import Directory
from bot.people.roles import Group, Roles
from bot.requests.tables import Request
from bot.triage.clocks import Clocks
from bot.triage.desk import Counter
from bot.triage.handlers import Triage
from bot.triage.known import Reader
from tests.conftest import ROOT

FLOWS = Path(__file__).parents[1] / "data" / "examples" / "intake_flows"
ROLES = Roles(
    users={"ines": "ines@example.com"},
    groups={"it": Group(emails=["ines@example.com"])},
    roles={"it_triage": ["group:it"]},
)
_KEYS = count()
the_coach = cache(lambda: Coach(word_lists(), load_models(), lambda _text: []))
_read = cache(load)  # a folder of a test does not change while it runs


class NoWords:
    """A glossary without terms, but with departments."""

    def found(self, _text: str, _department: str | None) -> tuple[Word, ...]:
        """Nothing."""
        return ()

    def terms(self, _department: str | None, *, kpis: bool = False) -> Mapping[str, Labels]:  # noqa: ARG002
        """None, of any kind."""
        return {}

    def departments(self) -> Mapping[str, Labels]:
        """Two of them."""
        return {"it": {"de": "IT", "en": "IT"}, "marketing": {"de": "Marketing", "en": "Marketing"}}

    def disputed(self, _term: str) -> bool:
        """Never."""
        return False

    def explains(self, _text: str, _department: str | None) -> bool:
        """Never."""
        return False


@dataclass
class House:
    """Everything joined on one database."""

    database: Database
    flows: Path = FLOWS
    words: Any = field(default_factory=NoWords)
    submitted: list[int] = field(default_factory=list)
    analyst: Analyst | None = None

    async def open(self) -> "House":
        """Read the flows and register the handlers."""
        self.router = Router()
        self.directory = Directory(self.database, ROLES, lambda _channel, _place: None)
        self.shelf = Shelf(self.database, self.flows, _read)
        await self.shelf.look()
        reader = Reader(lambda department, _language: department or "", Clocks(lambda _flow: None))
        neighbours = Neighbours(
            self.words,
            lambda _flow, _at, _language: "Di, 16:00",
            self._begun,
            lambda _: "it",
            Counter(self.database, reader),
        )
        self.office = Office(
            self.database, self.directory, self.shelf, neighbours, Readers(the_coach(), self.analyst)
        )
        self.office.register(self.router)
        Triage(self.database, self.directory, reader, self.office.similar).register(self.router)
        return self

    async def _begun(self, _unit: Unit, request: Request) -> None:
        self.submitted.append(request.number)

    def person(self, name: str, channel: str = "playground", kind: Any = "direct") -> "Someone":
        """Somebody in a channel."""
        return Someone(self, Account(channel, name), Place(channel, f"@{name}", kind))

    async def requests(self) -> list[Request]:
        """All requests."""
        async with self.database.reading() as session:
            return list((await session.exec(select(Request).order_by(Request.id))).all())  # type: ignore[arg-type]

    async def jobs(self, kind: str) -> list[Job]:
        """The jobs of a kind."""
        async with self.database.reading() as session:
            return list((await session.exec(select(Job).where(Job.kind == kind))).all())


async def shipped(database: Database, words: Any = None) -> House:
    """The flows that are shipped, and somebody who reads wishes."""
    folder = ROOT / "intake_flows"
    lists = load_lists(folder)
    analyst = Analyst(lists.catalogue, lists.kinds)
    return await House(database, folder, words=words or NoWords(), analyst=analyst).open()


@dataclass
class Someone:
    """One person in one channel, and the form that is open before them."""

    house: House
    account: Account
    place: Place
    form: Form | None = None
    card: Card | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    async def says(self, text: str, command: str | None = None) -> Reply:
        """A message or a command."""
        event = TextReceived(await self._asker(), self.place, self._key(), text, True, command)
        return self._seen(await self.house.router.handle(event))

    async def presses(self, label: str) -> Reply:
        """A button of the card."""
        return await self.sends_button(self.button(label))

    async def sends_button(self, button: Button) -> Reply:
        """A button, whatever it says."""
        event = ButtonPressed(await self._asker(), self.place, self._key(), button.action, button.value)
        return self._seen(await self.house.router.handle(event))

    async def fills(self, button: str | None = None, form: Form | None = None, **answers: Any) -> Reply:
        """The form: what is not named stays as it is drawn. `button` is a label of the form's own."""
        form = form or self.form
        assert form is not None
        action = next((one.action for one in form.buttons if one.label == button), None) if button else None
        assert button is None or action, [one.label for one in form.buttons]
        given = {**drawn(form), **{key.replace("__", "-"): value for key, value in answers.items()}}
        event = FormSubmitted(
            await self._asker(),
            self.place,
            self._key(),
            form.action,
            given,
            form.state,
            form.revision,
            action,
        )
        return self._seen(await self.house.router.handle(event))

    async def reviews(self, wish: str, **answers: Any) -> None:
        """From the command to the last page, whatever is asked on the way."""
        await self.says(wish, command="request")
        await self.goes_on(**answers)

    async def goes_on(self, **answers: Any) -> None:
        """From an open page to the last one."""
        for _ in range(2 * len(GOOD)):
            if self.form is None or self.form.action == "request.review":
                return
            known = {**ENOUGH, **answers}
            await self.fills(**{id_: known[id_] for id_ in self.asked if id_ in known})
        raise AssertionError((self.form, self.errors))

    async def changes(self, changed: str, **answers: Any) -> Reply:
        """An answer that others depend on."""
        assert self.form is not None
        given = {**drawn(self.form), **answers}
        form = self.form
        event = FieldChanged(
            await self._asker(),
            self.place,
            self._key(),
            form.action,
            changed,
            given,
            form.state,
            form.revision,
        )
        return self._seen(await self.house.router.handle(event))

    def button(self, label: str) -> Button:
        """A button of the card that is seen."""
        assert self.card is not None
        rows = (element for element in self.card.elements if isinstance(element, Buttons))
        buttons = [one for row in rows for one in (*row.buttons, *row.overflow)]
        return next(one for one in buttons if one.label == label)

    @property
    def asked(self) -> list[str]:
        """The ids of the questions of the open form."""
        assert self.form is not None
        return list(drawn(self.form))

    async def _asker(self) -> Any:
        asker = await self.house.directory.asker(self.account, self.place, self.account.id.title())
        roles = frozenset({"it_triage"}) if self.account.id == "ines" else frozenset()
        return replace(asker, roles=roles, home="marketing", department="marketing")

    def _key(self) -> str:
        return f"event-{next(_KEYS)}"

    def _seen(self, reply: Reply) -> Reply:
        self.errors = {}
        match reply:
            case Open(form=form):
                self.form = form
            case Update(shown=Form() as form):
                self.form = form
            case Errors(sentences=sentences):
                self.errors = sentences
            case Close(card=card):
                self.form, self.card = None, card
            case Tell(card=card):
                self.card = card
            case _:
                pass
        return reply


def drawn(form: Form) -> dict[str, Any]:
    """What a form sends if nobody touches it."""
    given: dict[str, Any] = {}
    for element in form.elements:
        match element:
            case (
                ChoiceInput(id=id_, initial=initial, several=several)
                | PersonInput(id=id_, initial=initial, several=several)
            ):
                given[id_] = initial if several else "".join(initial[:1])
            case (
                TextInput(id=id_, initial=text)
                | LinesInput(id=id_, initial=text)
                | DateInput(id=id_, initial=text)
            ):
                given[id_] = text
            case _:
                pass  # nothing to answer
    return given


def texts(card: Card | None) -> str:
    """Everything that a card says."""
    return repr(card)


GOOD: dict[str, Any] = {
    "wish": "Anmeldungen vom Webinar sollen ohne Abtippen ins CRM",
    "trigger": "Sobald sich jemand zum Webinar anmeldet",
    "action": "legt das CRM eine Aufgabe an",
    "goal": "80 % in 24 Stunden, heute 45 %",
    "benefit": "Zwei Stunden weniger Handarbeit pro Woche",
}
# What is beyond the use case itself, so that any of the flows comes to its review.
ENOUGH: dict[str, Any] = {
    **{id_: answer for id_, answer in GOOD.items() if id_ != "wish"},
    "requirement": "Wer nach einem Webinar Interesse zeigt, landet am selben Tag beim Vertrieb.",
    "existing_fit": "gap",
    "fit_gap": "Die Anbindung ans CRM fehlt.",
    "systems": ("salesforce",),
    "data_class": ("none",),
    "impact": "team",
}
