"""Settings of a person, names of places, and what a vendor says about an account."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.events import Account, ButtonPressed, FormSubmitted, TextReceived
from bot.chat.ports import JobInfo, Profiles
from bot.chat.replies import Close, Errors, Open, Reply, Tell
from bot.chat.router import Refused, Router
from bot.chat.ui import Card, Option, Text
from bot.db.unit_of_work import Database
from bot.i18n import LANGUAGES, phrases, say
from bot.people.access import Action, require
from bot.people.directory import FETCH_PROFILE, Directory
from bot.people.places import bind
from bot.people.tell import TELL, Telling
from bot.people.views import DEPARTMENT, LANGUAGE, SETTINGS, settings_card, settings_form
from bot.text.clean import shown

Departments = Callable[[str], Sequence[Option]]
_NAME = 80  # characters of the name of a place


@dataclass(frozen=True, slots=True)
class People:
    """The handlers. `departments` lists them in a language, `named` finds one by what a vendor calls it."""

    database: Database
    directory: Directory
    departments: Departments
    named: Callable[[str], str | None]
    profiles: Mapping[str, Profiles]

    def register(self, router: Router, telling: Telling) -> None:
        """Into the one table."""
        router.on_text(_wants_settings, self.show_settings)
        router.on_text(_wants_binding, self.bind_place)
        router.on_action(SETTINGS, self.open_settings)
        router.on_form(SETTINGS, self.save_settings)
        router.on_job(FETCH_PROFILE, self.profile_job)
        router.on_job(TELL, telling)

    async def show_settings(self, event: TextReceived) -> Reply:
        """What we know, and a button to change it."""
        return Tell(settings_card(event.asker, self._label(event.asker.home, event.asker.language)))

    async def open_settings(self, event: ButtonPressed) -> Reply:
        """The form."""
        return Open(settings_form(event.asker, self.departments(event.asker.language)))

    async def save_settings(self, event: FormSubmitted) -> Reply:
        """Language and department, from what a client sent."""
        asker = event.asker
        language, department = event.answers.get(LANGUAGE, ""), event.answers.get(DEPARTMENT, "")
        if language not in LANGUAGES:
            return Errors({LANGUAGE: say(asker.language, "chat.choose_one")})
        if department and department not in _values(self.departments(asker.language)):
            return Errors({DEPARTMENT: say(asker.language, "chat.choose_one")})
        home = str(department) or None
        async with self.database.unit() as unit:
            await self.directory.choose(unit, asker.person, language=language, department=home or "")
            await unit.commit()
        changed = replace(asker, language=str(language), home=home)
        note = say(changed.language, "people.saved")
        return Close(settings_card(changed, self._label(home, changed.language), note))

    async def bind_place(self, event: TextReceived) -> Reply:
        """`bind #it-anfragen`: from now on this place has that name."""
        require(event.asker, Action.BIND_PLACE)
        name = _words(event)[1] if len(_words(event)) > 1 else ""
        if not name.startswith("#") or not 1 < len(name) <= _NAME:
            raise Refused("people.bind_how")
        if event.place.kind == "direct":
            raise Refused("people.bind_where")
        async with self.database.unit() as unit:
            await bind(unit, name, event.place)
            await unit.commit()
        sentence = say(event.asker.language, "people.bound", name=shown(name))
        return Tell(Card(sentence, (Text(sentence),)))

    async def profile_job(self, payload: dict[str, Any], _job: JobInfo) -> None:
        """The job of a first contact."""
        await self.fetch_profile(Account(str(payload["channel"]), str(payload["account"])))

    async def fetch_profile(self, account: Account) -> None:
        """Ask the vendor who an account is."""
        vendor = self.profiles.get(account.channel)
        profile = await vendor.profile(account.id) if vendor else None
        if profile is None:
            return
        department = self.named(profile.department) if profile.department else None
        async with self.database.unit() as unit:
            await self.directory.learn(unit, account, profile, department)
            await unit.commit()

    def _label(self, department: str | None, language: str) -> str:
        options = {option.value: option.label for option in self.departments(language)}
        return options.get(department or "", "")


def _values(options: Sequence[Option]) -> set[str]:
    return {option.value for option in options}


def _words(event: TextReceived) -> list[str]:
    return event.text.strip().removeprefix("/").split()


def _wants_settings(event: TextReceived) -> bool:
    return event.asked_for(phrases("people.phrases.settings"))


def _wants_binding(event: TextReceived) -> bool:
    first = replace(event, text=event.text.strip().partition(" ")[0])
    return first.asked_for(phrases("people.phrases.bind"))
