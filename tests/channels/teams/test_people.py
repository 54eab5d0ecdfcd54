"""Who somebody is: one person with a Slack and a Teams account, and what Entra says about them."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.teams.connector import CallFailed
from bot.chat.events import Account, Place
from bot.chat.ports import Profile
from bot.people.roles import Group, Roles
from bot.people.tables import AccountRow, Person
from tests.channels.teams.kit import Site, Teammate, texts
from tests.channels.teams.microsoft import TENANT, FakeMicrosoft, Json

EMAIL = "mara@example.com"


def member(**more: Any) -> Json:
    """Somebody as the connector knows them."""
    return {
        "id": "29:Mara",
        "name": "Mara Muster",
        "email": EMAIL,
        "userPrincipalName": "mara@example.onmicrosoft.com",
        "tenantId": TENANT,
        "userRole": "user",
    } | more


async def people(site: Site) -> dict[str, tuple[int, str | None]]:
    """Accounts with the number of their person and the e-mail."""
    rows = select(AccountRow, Person).join(Person, Person.id == AccountRow.person)  # type: ignore[arg-type]
    async with site.klartext.database.reading() as session:
        found = (await session.exec(rows)).all()
    return {
        f"{account.channel}:{account.external}": (person.number, person.email) for account, person in found
    }


async def test_a_slack_and_a_teams_account_are_one_person(
    site_on_both: Site, microsoft: FakeMicrosoft
) -> None:
    """Matched by the e-mail that both vendors have verified; what was chosen there holds here."""
    site, mara = site_on_both, Teammate(site_on_both, microsoft)
    slack = Account("slack", "U1")
    directory, database = site.klartext.directory, site.klartext.database
    known = await directory.asker(slack, Place("slack", "D1", "direct"), "Mara")
    async with database.unit() as unit:
        await directory.learn(unit, slack, Profile("Mara Muster", EMAIL.upper()), "marketing")
        await unit.commit()
    async with database.unit() as unit:
        await directory.choose(unit, known.person, language="en", department="sales")
        await unit.commit()

    microsoft.members["29:Mara"] = member()
    await mara.say("define lead")
    await site.work()
    found = await people(site)
    assert found["slack:U1"] == found[f"teams:{mara.account}"] == (known.person, EMAIL)
    await mara.say("einstellungen")
    assert "Sales" in texts(mara.card)


async def test_without_the_email_they_stay_two(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.members["29:Mara"] = member(email=None)
    await mara.say("define lead")
    await site.work()
    assert [email for _, email in (await people(site)).values()] == [None]


@pytest.mark.parametrize(
    "more",
    [
        {"userRole": "guest"},
        {"userRole": "anonymous"},
        {"tenantId": "another"},
        {"email": 7},
        {"email": ""},
    ],
)
async def test_the_email_of_a_guest_proves_nothing(
    more: Json, site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.members["29:Mara"] = member(**more)
    profile = await _profile(site, mara)
    assert profile is not None
    assert (profile.name, profile.email) == ("Mara Muster", None)


async def test_what_a_client_says_about_itself_is_never_an_email(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    mara = replace(mara, extra={"from": {"id": "29:Mara", "aadObjectId": mara.account, "email": EMAIL}})
    await mara.say("define lead")
    await site.work()
    assert [email for _, email in (await people(site)).values()] == [None]


async def test_language_and_department_come_from_entra(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.members["29:Mara"] = member()
    microsoft.entra[mara.account] = {"preferredLanguage": "en-GB", "department": "Vertrieb"}
    await mara.say("hilfe")
    await site.work()
    await mara.say("einstellungen")
    assert "Sales" in texts(mara.card)
    assert "English" in texts(mara.card)


async def test_without_permission_the_client_says_the_language(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    microsoft.members["29:Mara"] = member()
    profile = await _profile(site, replace(mara, locale="en-US"))
    assert profile == Profile("Mara Muster", EMAIL, "en", None)


TRIAGE = "0B7D7A0E-6C0F-4A57-9A5B-2F1C7A1F0D22"


def triage_is_a_group_of_entra(site: Site, *more: str) -> None:
    groups = {f"g{number}": Group(entra=id_) for number, id_ in enumerate((TRIAGE, *more))}
    site.klartext.directory.roles = Roles(groups=groups, roles={"it_triage": ["group:g0"]})


async def test_a_group_of_entra_gives_a_role(site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    """Whatever the letters of its id, and among more groups than one call may ask for."""
    triage_is_a_group_of_entra(site, *(f"{number:08}-0000-4000-8000-000000000000" for number in range(25)))
    microsoft.members["29:Mara"] = member()
    microsoft.groups[mara.account] = {TRIAGE.lower(), "00000024-0000-4000-8000-000000000000"}
    profile = await _profile(site, mara)
    assert profile
    assert profile.groups == ("00000024-0000-4000-8000-000000000000", TRIAGE)
    await site.work()
    asker = await site.klartext.directory.asker(Account("teams", mara.account), Place("teams", "x"))
    assert {"it_triage", "group:g0", "group:g25"} <= asker.roles


@pytest.mark.parametrize("status", [403, 404])
async def test_who_may_not_be_asked_for_is_in_no_group(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft, status: int
) -> None:
    triage_is_a_group_of_entra(site, "no id")
    microsoft.members["29:Mara"] = member()
    microsoft.groups[mara.account] = {TRIAGE.lower()}
    microsoft.groups_status = status
    profile = await _profile(site, mara)
    assert profile
    assert (profile.email, profile.groups) == (EMAIL, ())


async def test_while_entra_does_not_answer_nobody_loses_a_role(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    triage_is_a_group_of_entra(site)
    microsoft.members["29:Mara"] = member()
    microsoft.groups_status = 503
    with pytest.raises(CallFailed):
        await _profile(site, mara)


async def test_whoever_left_has_no_profile(site: Site, mara: Teammate) -> None:
    assert await _profile(site, mara) is None
    assert await site.teams.profiles.profile("never-seen") is None


NEVER_SEEN = "0b7d7a0e-6c0f-4a57-9a5b-2f1c7a1f0d11"


async def test_a_colleague_who_was_only_named_is_looked_up_in_entra(
    site: Site, microsoft: FakeMicrosoft
) -> None:
    """Chosen in a form before they ever talked to Klartext; only members have an e-mail that counts."""
    entra = {"displayName": "Ines IT", "mail": "ines@example.com", "preferredLanguage": "en-GB"}
    microsoft.entra[NEVER_SEEN] = entra | {"userType": "Member", "department": "IT"}
    profile = site.teams.profiles.profile
    assert await profile(NEVER_SEEN) == Profile("Ines IT", "ines@example.com", "en", "IT")
    microsoft.entra[NEVER_SEEN] = entra | {"userType": "Guest"}
    assert await profile(NEVER_SEEN) == Profile("Ines IT", None, "en", None)
    microsoft.entra = {"ines@example.com": entra}
    assert [await profile(name) for name in (NEVER_SEEN, "ines@example.com")] == [None, None]


async def test_in_a_channel_the_team_is_asked(site: Site, mara: Teammate, microsoft: FakeMicrosoft) -> None:
    microsoft.members["29:Mara"] = member()
    assert await _profile(site, replace(mara, kind="channel", thread="1")) is not None
    [call] = microsoft.said("get")
    assert call.path == "/v3/conversations/19:team@thread.tacv2/members/29:Mara"


async def test_somebody_without_an_entra_id_is_known_by_their_other_id(
    site: Site, mara: Teammate, microsoft: FakeMicrosoft
) -> None:
    mara = replace(mara, extra={"from": {"id": "29:Mara", "name": "Mara"}})
    await mara.say("define lead")
    assert list(await people(site)) == ["teams:29:Mara"]


async def _profile(site: Site, who: Teammate) -> Profile | None:
    await who.say("hilfe")
    return await site.teams.profiles.profile(who.account)
