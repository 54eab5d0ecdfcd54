"""Klartext whole, on a database of a test, with a small glossary, four people and a channel that remembers.

Nothing runs by itself: jobs, looks and flushes happen when a test asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from bot.app import Klartext
from bot.chat.events import (
    Account,
    AnyEvent,
    Asker,
    ButtonPressed,
    FormSubmitted,
    MessageRef,
    Place,
    TextReceived,
)
from bot.chat.ports import Profile
from bot.chat.replies import Close, Errors, Home, Open, Reply, Tell, Update
from bot.chat.ui import Bullets, Button, Buttons, Card, Element, Expandable, Facts, Form, Table, Text
from bot.config import load_settings
from bot.db.rows import Clock, now

CHANNEL = "playground"
GLOSSARY = """\
version: 1
glossary:
  id: small
  languages: [de, en]
  departments:
    marketing: {label: {de: Marketing, en: Marketing}, channels: {playground: ["#marketing"]}}
    sales: {label: {de: Vertrieb, en: Sales}, channels: {playground: ["#vertrieb"]}}
    it: {label: {de: IT, en: IT}}
terms:
  # what everybody argues about
  lead:
    labels: {de: {pref: Lead, plural: Leads}, en: {pref: Lead}}
    status: agreed
    definition: {de: Person mit Interesse., en: Person with interest.}
    criteria: [{id: consent, de: Einwilligung liegt vor, en: Consent is given}]
    senses:
      - department: sales
        relation: narrower
        definition: {de: Person mit Budget., en: Person with budget.}
        owner: user:sales-owner
    relations:
      related: [mql, margin]
      confused_with: [{term: prospect, de: Ein Interessent ist anonym., en: A prospect is anonymous.}]
    owner: user:lead-owner
    approved: {marketing: {by: "group:chiefs", date: "2026-09-01"}}
  mql:
    labels: {de: {pref: MQL}, en: {pref: MQL}}
    status: disputed
    definition: {de: Lead mit Punkten., en: Lead with points.}
    owner: user:lead-owner
  prospect:
    labels: {de: {pref: Interessent}, en: {pref: Prospect}}
    status: agreed
    definition: {de: Noch ohne Kontaktdaten., en: Without contact details yet.}
    owner: user:lead-owner
  margin:  # for sales only
    labels: {de: {pref: Marge}, en: {pref: Margin}}
    status: agreed
    definition: {de: Was übrig bleibt., en: What remains.}
    visibility: [sales]
    owner: user:lead-owner
"""
ROLES = """\
users:
  {lead-owner: lena@example.com, sales-owner: sven@example.com, boss: ines@example.com,
   ivo: ivo@example.com, ida: ida@example.com}
groups: {chiefs: {emails: [lena@example.com]}}
roles: {admin: ["user:boss"], glossary_steward: ["user:lead-owner"], it_triage: ["user:ivo", "user:ida"]}
"""
PROFILES = {
    "mara": Profile("Mara", "mara@example.com", "de", "Marketing"),
    "lena": Profile("Lena", "lena@example.com", "en", "Marketing"),
    "sven": Profile("Sven", "sven@example.com", "de", "Vertrieb"),
    "ines": Profile("Ines", "ines@example.com", "de", "IT"),
}
TEAM = {  # who triages; they are met where a test needs them
    "ivo": Profile("Ivo", "ivo@example.com", "de", "IT"),
    "ida": Profile("Ida", "ida@example.com", "en", "IT"),
}


@dataclass(slots=True)
class Posted:
    """What a channel was given to post, and where; `to` is the only person who sees it, `thread` the
    message under which it stands.
    """

    place: str
    card: Card
    key: str
    to: str | None = None
    thread: str | None = None


@dataclass(slots=True)
class Channel:
    """A vendor that remembers: a Sender, and Profiles."""

    posts: list[Posted] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    refuses: Exception | None = None  # what a room raises; people are still reached

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        self._refuse()
        self.posts.append(Posted(place.id, card, key, thread=place.thread))
        return MessageRef(place, str(len(self.posts)))

    async def edit(self, message: MessageRef, card: Card) -> None:
        if message.place.kind != "direct":
            self._refuse()
        self.posts[int(message.id) - 1].card = card

    async def delete(self, message: MessageRef) -> None:
        del self.posts[int(message.id) - 1]

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        self.posts.append(Posted(f"@{account}", card, key, account))
        return MessageRef(direct(account), str(len(self.posts)))

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        self.posts.append(Posted(place.id, card, key, account))

    def _refuse(self) -> None:
        if self.refuses is not None:
            raise self.refuses

    async def profile(self, account: str) -> Profile | None:
        self.asked_for.append(account)
        return (PROFILES | TEAM).get(account)


class World:
    """Who says and presses what, and what comes back."""

    def __init__(self, url: str, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.file = folder / "glossary.yaml"
        self.file.write_text(GLOSSARY, encoding="utf-8")
        (folder / "flows").mkdir()
        (folder / "flows" / "roles.yaml").write_text(ROLES, encoding="utf-8")
        paths = {"glossary": self.file, "flows": folder / "flows"}
        self.klartext = Klartext(load_settings({}, database_url=url, **paths), clock)
        self.channel = Channel()
        self.klartext.add(CHANNEL, self.channel, self.channel)
        self._keys = count(1)

    async def begin(self) -> None:
        """As the start does, without what runs in the background."""
        await self.klartext._watch.bring_in()
        await self.klartext.living.refresh()

    async def meet(self, *names: str) -> None:
        """Their profiles are known, and they were asked for their department before."""
        for name in names:
            await self.asker(name)
            await self.klartext.people.fetch_profile(Account(CHANNEL, name))

    async def asker(self, name: str, place: Place | None = None) -> Asker:
        return await self.klartext.directory.asker(Account(CHANNEL, name), place or direct(name), name)

    async def say(
        self,
        name: str,
        text: str,
        room: str = "",
        *,
        command: str | None = None,
        addressed: bool = True,
        key: str = "",
        thread: str | None = None,
    ) -> Reply:
        place = replace(where(name, room), thread=thread)
        asker = await self.asker(name, place)
        event = TextReceived(asker, place, key or self._key(), text, addressed, command)
        return await self.handle(event)

    async def press(self, name: str, button: Button, room: str = "", *, key: str = "") -> Reply:
        place = where(name, room)
        asker = await self.asker(name, place)
        event = ButtonPressed(asker, place, key or self._key(), button.action, button.value)
        return await self.handle(event)

    async def submit(
        self, name: str, form: Form, answers: dict[str, str], room: str = "", *, key: str = ""
    ) -> Reply:
        place = where(name, room)
        asker = await self.asker(name, place)
        event = FormSubmitted(asker, place, key or self._key(), form.action, answers, form.state)
        return await self.handle(event)

    async def handle(self, event: AnyEvent) -> Reply:
        return await self.klartext.router.handle(event)

    async def work(self) -> list[Posted]:
        """Do all jobs that are due; what was posted by them."""
        before = len(self.channel.posts)
        await self.klartext.worker.run_due()
        return self.channel.posts[before:]

    def _key(self) -> str:
        return f"event-{next(self._keys)}"


async def begun(url: str, folder: Path) -> None:
    """A world begins: the glossary is in, and the four are known."""
    world = World(url, folder, now)
    await world.begin()
    await world.meet(*PROFILES)
    await world.klartext.worker.run_due()
    await world.klartext.database.close()


def direct(name: str) -> Place:
    return Place(CHANNEL, f"@{name}", "direct")


def where(name: str, room: str) -> Place:
    return Place(CHANNEL, room) if room else direct(name)


def card_of(reply: Reply) -> Card:
    """The card that a reply shows."""
    match reply:
        case Tell(card) | Home(card):
            return card
        case Update(Card() as card) | Close(Card() as card):
            return card
        case _:
            raise AssertionError(f"no card: {reply}")


def form_of(reply: Reply) -> Form:
    """The form that a reply opens."""
    assert isinstance(reply, Open), reply
    return reply.form


def words(shown: Reply | Card) -> str:
    """All that one reads on a card, the names of buttons too; on a form what is wrong about it."""
    if isinstance(shown, Errors):
        return "\n".join(shown.sentences.values())
    card = shown if isinstance(shown, Card) else card_of(shown)
    return "\n".join(line for element in card.elements for line in _read(element))


def buttons(shown: Reply | Card) -> dict[str, Button]:
    """The buttons of a card by their names."""
    card = shown if isinstance(shown, Card) else card_of(shown)
    found = [element for element in card.elements if isinstance(element, Buttons)]
    return {button.label: button for row in found for button in (*row.buttons, *row.overflow)}


def forged(button: Button, value: str) -> Button:
    """The same button with a value that we never gave."""
    return replace(button, value=value)


def _read(element: Element) -> Iterator[str]:
    match element:
        case Text(text):
            yield text
        case Bullets(items):
            yield from items
        case Facts(rows):
            yield from (f"{name}: {value}" for name, value in rows)
        case Table(columns, rows):
            yield " | ".join(columns)
            yield from (" | ".join(row) for row in rows)
        case Expandable(title, inner):
            yield title
            for part in inner:
                yield from _read(part)
        case Buttons(shown, overflow):
            yield from (f"[{button.label}]" for button in (*shown, *overflow))
        case _:
            return
