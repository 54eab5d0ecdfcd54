"""The same people in all three channels: one verified e-mail each, one department, one language."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from bot.channels.playground.people import KLARTEXT, PEOPLE, Person
from tests.channels.slack.conftest import user
from tests.channels.slack.fake import INES, MARA, MARKETING, STRANGE, SVEN, FakeSlack
from tests.channels.teams.kit import CHANNEL_ID
from tests.channels.teams.microsoft import TENANT, FakeMicrosoft
from tests.conformance.building import FIELD, Building
from tests.conformance.on_playground import OnPlayground
from tests.conformance.on_slack import OnSlack
from tests.conformance.on_teams import OnTeams
from tests.conformance.shown import Accounts, Talker

Channel = Literal["slack", "teams", "playground"]
CHANNELS: tuple[Channel, ...] = ("slack", "teams", "playground")
SLACK = {"mara": MARA, "sven": SVEN, "ines": INES}


def entra(name: str) -> str:
    """Somebody's object id in Entra."""
    return str(uuid5(NAMESPACE_URL, PEOPLE[name].name))


ACCOUNTS: Mapping[Channel, Accounts] = {
    "slack": Accounts(SLACK),
    "teams": Accounts({name: entra(name) for name in SLACK}),
    "playground": Accounts({name: name for name in SLACK}),
}


def known_in_slack(slack: FakeSlack) -> None:
    """What Slack says about them."""
    for name, id_ in SLACK.items():
        person = PEOPLE[name]
        slack.users[id_] = user(id_, person.name, person.email, f"{person.language}-CH")
        slack.fields[id_] = {FIELD: {"value": person.department}}


def known_in_teams(microsoft: FakeMicrosoft) -> None:
    """What the connector and Entra say about them."""
    for name in SLACK:
        person = PEOPLE[name]
        microsoft.members[f"29:{person.name}"] = _member(person)
        microsoft.entra[entra(name)] = {
            "displayName": person.name,
            "mail": person.email,
            "userType": "Member",
            "preferredLanguage": f"{person.language}-CH",
            "department": person.department,
        }


Room = Literal["marketing", "it", "direct"]
ROOMS: Mapping[Channel, Mapping[Room, str]] = {
    "slack": {"marketing": MARKETING, "it": STRANGE, "direct": ""},
    "teams": {"marketing": CHANNEL_ID, "it": "19:it@thread.tacv2", "direct": ""},
    "playground": {"marketing": "marketing", "it": "it", "direct": KLARTEXT},
}


def talker(building: Building, channel: Channel, name: str, room: Room) -> Talker:
    """Somebody in a channel, whose commands are typed in this room."""
    accounts, where = ACCOUNTS[channel], ROOMS[channel][room]
    match channel:
        case "slack":
            return OnSlack(building, SLACK[name], where, accounts)
        case "teams":
            return OnTeams(building, PEOPLE[name].name, where, accounts)
        case "playground":
            return OnPlayground(building, name, where, accounts)


def _member(person: Person) -> dict[str, Any]:
    return {
        "id": f"29:{person.name}",
        "name": person.name,
        "email": person.email,
        "tenantId": TENANT,
        "userRole": "user",
    }
