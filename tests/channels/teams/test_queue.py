"""`queue` at the edge of Teams: the list as a card that its buttons change in place."""

from sqlmodel import col, update

from bot.people.roles import Roles
from bot.people.tables import Person
from bot.requests import store
from tests.channels.teams.kit import Site, Teammate, actions, texts
from tests.channels.teams.rules import mistakes
from tests.requests.test_store import submission
from tests.triage.team import flows


async def test_the_list_in_the_chat(site: Site, mara: Teammate) -> None:
    klartext = site.klartext
    klartext.shelf._now = flows()
    await mara.say("queue")
    assert "Die Warteschlange sieht nur" in texts(mara.card)
    klartext.directory.roles = Roles(users={"m": "m@example.com"}, roles={"it_triage": ["user:m"]})
    async with klartext.database.unit() as unit:
        for draft in range(1, 11):
            await store.submit(unit, submission(draft, title=f"Vorhaben {draft} " * 30), "teams")
        await unit.session.exec(update(Person).where(col(Person.id) > 0).values(email="m@example.com"))
        await unit.commit()
    klartext.directory.forget_all()
    for said in ("queue", "/queue", "queue offen"):
        await mara.say(said)
        assert "REQ-1 · eingereicht · Vorhaben 1" in texts(mara.card)
    assert mistakes(mara.card) == []
    assert {"Mehr", "Überfällig", "Suchen", "REQ-8 zeigen"} <= set(actions(mara.card))
    answer = await mara.press(actions(mara.card)["Mehr"], of="m-queue")
    assert "REQ-9 · eingereicht" in texts(answer["value"])
