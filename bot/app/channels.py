"""The channels, each added to a process only where it is set up, and loaded only then."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.app import Klartext
from bot.channels.playground.people import CHANNEL, PEOPLE, ROOMS, direct
from bot.chat.events import Account, Place
from bot.config import Settings
from bot.db.keys import Keys
from bot.glossary.handlers import EXPLAIN
from bot.intake.handlers import FROM_MESSAGE
from bot.people.addresses import AddressBook
from bot.people.places import bind, bound
from bot.people.tell import Alarms

if TYPE_CHECKING:
    from bot.channels.playground.app import Playground
    from bot.channels.playground.pages import Preview
    from bot.channels.playground.store import Store
    from bot.channels.slack.app import Slack
    from bot.channels.slack.settings import SlackSettings
    from bot.channels.teams.app import Teams

COMMANDS = ("define", "ask", "request", "queue", "klartext")  # as the manifests of the channels name them


def add_playground(
    klartext: Klartext, store: "Store", previews: "Mapping[str, Preview] | None" = None
) -> "Playground":
    """The page in the browser, and its four people. `previews` show a card as other channels send it."""
    from bot.app.samples import FlowSamples  # noqa: PLC0415
    from bot.channels.playground.app import playground  # noqa: PLC0415
    from bot.channels.slack.render import preview as as_slack  # noqa: PLC0415
    from bot.channels.teams.render import preview as as_teams  # noqa: PLC0415

    page = playground(
        klartext.router,
        klartext.directory.asker,
        store,
        previews={"Slack": as_slack, "Teams": as_teams} if previews is None else previews,
        samples=FlowSamples(klartext),
        message_actions=[(EXPLAIN, "glossary.explain"), (FROM_MESSAGE, "request.make_request")],
    )
    klartext.add(CHANNEL, page.sender, page.profiles, page.routes)
    return page


async def meet_playground(klartext: Klartext) -> None:
    """After the start: everybody is known by their profile, and every place has its name.

    A name that somebody has bound elsewhere stays there.
    """
    async with klartext.database.unit() as unit:
        for name in (f"#{room}" for room in ROOMS[:-1]):
            if await bound(unit.session, name) is None:
                await bind(unit, name, Place(CHANNEL, name))
        await unit.commit()
    for person in PEOPLE.values():
        account = Account(CHANNEL, person.id)
        await klartext.directory.asker(account, direct(person.id), person.name)
        await klartext.people.fetch_profile(account)


def add_slack(klartext: Klartext, settings: Settings) -> "Slack | None":
    """Slack, if it is set up."""
    wanted = slack_settings(settings)
    if wanted is None:
        return None
    from bot.channels.slack.app import Ports, slack  # noqa: PLC0415
    from bot.channels.slack.sheet import CHANNEL as SLACK  # noqa: PLC0415

    once = Keys(klartext.database, timedelta(hours=settings.keep_keys_hours))
    ports = Ports(
        klartext.router, klartext.directory.asker, klartext.outbox, once, Alarms(klartext.database)
    )
    channel = slack(wanted, ports)
    klartext.add(SLACK, channel.sender, channel.profiles, channel.routes, [channel.service])
    return channel


def add_teams(klartext: Klartext, settings: Settings) -> "Teams | None":
    """Microsoft Teams, if it is set up. Before the playground, which serves every address that is left."""
    if not settings.teams_app_id and not settings.teams_anonymous:
        return None
    from bot.channels.teams.activity import CHANNEL as TEAMS  # noqa: PLC0415
    from bot.channels.teams.app import teams  # noqa: PLC0415
    from bot.channels.teams.credentials import Entrance  # noqa: PLC0415

    channel = teams(
        klartext.router,
        klartext.directory.asker,
        Entrance(
            settings.teams_app_id,
            settings.teams_app_password,
            settings.teams_tenant_id,
            settings.teams_anonymous,
        ),
        addresses=AddressBook(klartext.database),
        once=Keys(klartext.database, timedelta(hours=settings.keep_keys_hours)),
        outbox=klartext.outbox,
        commands=COMMANDS,
        groups=lambda: klartext.directory.roles.entra,
    )
    klartext.add(TEAMS, channel.sender, channel.profiles, channel.routes, [channel])
    return channel


def slack_settings(settings: Settings) -> "SlackSettings | None":
    """What concerns Slack; None if it is not set up."""
    if settings.slack_bot_token is None:
        return None
    from bot.channels.slack.settings import SlackSettings  # noqa: PLC0415

    return SlackSettings(
        settings.slack_bot_token,
        settings.slack_signing_secret,
        settings.slack_app_token,
        settings.slack_team_id,
        settings.slack_api_url.rstrip("/") + "/",
        settings.slack_department_field,
        settings.slack_connect,
    )
