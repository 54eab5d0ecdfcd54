"""Being away: until when, and who does the work meanwhile. Reminders and "my work" follow."""

import datetime as dt
import re
from dataclasses import dataclass

from bot.chat.answers import is_day
from bot.chat.events import Account, ButtonPressed, Event, FormSubmitted, TextReceived
from bot.chat.replies import Close, Errors, Open, Reply, Tell
from bot.chat.router import Router
from bot.chat.ui import Button, Buttons, Card, DateInput, Form, PersonInput, Text
from bot.db.unit_of_work import Database
from bot.i18n import day_text, phrases, say
from bot.people.absence import absence, come_back, leave
from bot.people.accounts import accounts_in, names
from bot.people.directory import Directory
from bot.people.tables import Absence
from bot.people.tell import Values, in_each, tell

AWAY, BACK = "people.away", "people.back"
UNTIL, DEPUTY = "until", "deputy"
LONGEST = dt.timedelta(days=366)
_ACCOUNT = 200  # characters of a channel's id
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?|(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Away:
    """The handlers."""

    database: Database
    directory: Directory

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_text(_wants_away, self.show)
        router.on_text(lambda event: event.asked_for(phrases("away.phrases.back")), self.back)
        router.on_action(AWAY, self.open)
        router.on_action(BACK, self.back)
        router.on_form(AWAY, self.save)

    async def show(self, event: TextReceived) -> Reply:
        """What holds now; whoever is here gets the form, with the day that they have named."""
        known, name = await self._known(event)
        until = day_in(event.text, self._today())
        if known is None or until is not None:
            return await self._form(event, known, until)
        return Tell(_card(known, name, event.asker.language))

    async def open(self, event: ButtonPressed) -> Reply:
        """The form."""
        known, _ = await self._known(event)
        return await self._form(event, known, None)

    async def save(self, event: FormSubmitted) -> Reply:
        """Away from now on. Everything that a client sent is looked at."""
        asker, language, today = event.asker, event.asker.language, self._today()
        day, account = event.answers.get(UNTIL, ""), event.answers.get(DEPUTY, "")
        until = dt.date.fromisoformat(str(day)) if is_day(day) else None
        if until is None or not today <= until <= today + LONGEST:
            return Errors({UNTIL: say(language, "away.which_day")})
        deputy = await self._deputy(event, account) if account else None
        if deputy in {asker.person, 0}:
            return Errors({DEPUTY: say(language, "away.which_deputy")})
        async with self.database.unit() as unit:
            await leave(unit, asker.person, until, deputy)
            if deputy is not None:
                values: Values = {
                    "name": asker.name,
                    "day": in_each(lambda spoken: day_text(until, spoken)),
                }
                once = f"away:{asker.person}:{until}:{deputy}"
                await tell(unit, f"person:{deputy}", "away.told", values, once, about=asker.person)
            await unit.commit()
        known, name = await self._known(event)
        return Close(_card(known, name, language) if known else None)

    async def back(self, event: Event) -> Reply:
        """Here again."""
        async with self.database.unit() as unit:
            await come_back(unit, event.asker.person)
            await unit.commit()
        sentence = say(event.asker.language, "away.back")
        return Tell(Card(sentence, (Text(sentence),)))

    async def _known(self, event: Event) -> tuple[Absence | None, str]:
        async with self.database.reading() as session:
            known = await absence(session, event.asker.person, self._today())
            found = await names(session, [known.deputy] if known and known.deputy else [])
        return known, next(iter(found.values()), "")

    async def _form(self, event: Event, known: Absence | None, until: dt.date | None) -> Reply:
        language, deputy = event.asker.language, known.deputy if known else None
        async with self.database.reading() as session:
            accounts = await accounts_in(session, [deputy] if deputy else [], event.place.channel)
        day = until or (known.until if known else None)
        fields = (
            DateInput(UNTIL, say(language, "away.until"), initial=day.isoformat() if day else ""),
            PersonInput(
                DEPUTY,
                say(language, "away.deputy"),
                required=False,
                hint=say(language, "away.deputy_hint"),
                initial=tuple(accounts.values()),
            ),
        )
        save, cancel = say(language, "chat.save"), say(language, "chat.cancel")
        return Open(Form(AWAY, say(language, "away.title"), fields, save, cancel), away_button(language))

    async def _deputy(self, event: FormSubmitted, account: object) -> int:
        """The person whom a channel names, whether we have met or not; 0 for what is no account."""
        if not isinstance(account, str) or len(account) > _ACCOUNT:
            return 0
        known = await self.directory.asker(Account(event.place.channel, account), event.place)
        return known.person

    def _today(self) -> dt.date:
        return self.database.clock().date()


def away_button(language: str) -> Button:
    """Opens the form."""
    return Button(say(language, "away.title"), AWAY, opens=True)


def day_in(text: str, today: dt.date) -> dt.date | None:
    """The day in "weg bis 24.12." or "until 2026-12-24"; without a year the next such day. Pure."""
    found = _DAY.search(text)
    if found is None:
        return None
    day, month, year, *iso = found.groups()
    try:
        if iso[0]:
            return dt.date(*map(int, iso))
        named = dt.date(int(year or today.year), int(month), int(day))
        return named if year or named >= today else named.replace(year=today.year + 1)
    except ValueError:
        return None


def _card(known: Absence, deputy: str, language: str) -> Card:
    key = "away.with_deputy" if deputy else "away.alone"
    sentence = say(language, key, day=day_text(known.until, language), name=deputy)
    change = Button(say(language, "people.change"), AWAY, opens=True)
    back = Button(say(language, "away.come_back"), BACK)
    return Card(sentence, (Text(sentence), Buttons((change, back))))


def _wants_away(event: TextReceived) -> bool:
    if event.asked_for(phrases("away.phrases.away")):
        return True
    said = event.text.strip().casefold()
    begins = any(said.startswith(f"{phrase} ") for phrase in phrases("away.phrases.until"))
    return event.addressed and event.command in {None, "klartext"} and begins
