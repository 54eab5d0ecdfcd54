"""The page over everything that Klartext is, without a browser: what four people ask, say and choose."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlmodel import select

from bot.app import Klartext
from bot.app.channels import add_playground, meet_playground
from bot.channels.playground.app import Playground
from bot.channels.playground.people import PEOPLE
from bot.channels.playground.store import Store
from bot.chat.events import Place
from bot.config import load_settings
from bot.glossary.tables import Remark
from bot.i18n import say
from bot.people.places import bind, bound
from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import at, browsing, card, fields, seen
from tests.conftest import ROOT

HERE = "/mara/marketing"


class Person:
    """One of the four, in a browser without the script."""

    def __init__(self, browser: httpx.AsyncClient, name: str, room: str) -> None:
        self._browser = browser
        self.url = f"/{name}/{room}"

    async def says(self, text: str) -> None:
        """Write something."""
        answer = await self._browser.post(f"{self.url}/say", data=fields(text=text))
        assert answer.status_code == 303, answer.text

    async def sees(self) -> Tag:
        """The page."""
        return read((await self._browser.get(self.url)).text)

    async def answer(self) -> Tag:
        """The newest card."""
        return (await self.sees()).one("ol", id="log").all("div", class_="card")[-1]

    async def presses(self, label: str) -> None:
        """A button of the newest card."""
        (form,) = [f for f in (await self.answer()).all("form") if f.one("button").text == label]
        await self._browser.post(form.attributes["action"], data=form.fields())

    async def fills_in(self, **answers: str) -> None:
        """The open form."""
        form = (await self.sees()).one("dialog").one("form")
        given = {f"answer.{id_}": value for id_, value in answers.items()}
        await self._browser.post(form.attributes["action"], data={**form.fields(), **given})


@pytest.fixture
async def klartext(migrated_url: str) -> AsyncIterator[Klartext]:
    """Klartext as it runs, with the glossary of this repository."""
    files = {"glossary": ROOT / "glossary.yaml", "flows": ROOT / "intake_flows"}
    klartext = Klartext(load_settings({}, env="development", database_url=migrated_url, **files))
    yield klartext
    await klartext.stop()


@pytest.fixture
async def real(klartext: Klartext, store: Store) -> Playground:
    """The page over it."""
    page = add_playground(klartext, store)
    await klartext.start()
    await meet_playground(klartext)
    return page


@pytest.fixture
async def people(real: Playground) -> AsyncIterator[dict[str, Person]]:
    """All four, in #marketing."""
    async with browsing(real) as browser:
        yield {name: Person(browser, name, "marketing") for name in PEOPLE}


async def test_departments_and_languages_get_their_own_answer(
    real: Playground, people: dict[str, Person]
) -> None:
    async with browsing(real) as browser:
        in_sales = Person(browser, "mara", "vertrieb")
        await in_sales.says("@Klartext Was heisst Lead bei uns?")
        await people["mara"].says("@Klartext Was heisst Lead bei uns?")
        sales, marketing = (await in_sales.answer()).text, (await people["mara"].answer()).text
    assert "Bei euch (Vertrieb)" in sales
    assert "Bei euch (Marketing)" in marketing
    await people["dario"].says("/define churn")
    assert "Compare with" in (await people["dario"].answer()).text
    await people["mara"].says("@Klartext what does churn mean?")
    assert "Agreed definition" in (await people["mara"].answer()).text


async def test_a_suggestion_and_an_answer_that_is_shown_to_all(people: dict[str, Person]) -> None:
    mara = people["mara"]
    await mara.says("@Klartext Was ist ein Warm Lead?")
    await mara.presses("Lead")
    assert (await mara.answer()).one("h2").text.startswith("Lead ·")
    await people["mara"].says("/define Abwanderung")
    assert "Abwanderung" not in (await people["sven"].sees()).one("ol", id="log").text
    await people["mara"].presses("Dem Kanal zeigen")
    assert "Geteilt von Mara Marketing" in (await people["sven"].answer()).text


async def test_a_remark_and_settings_are_kept(people: dict[str, Person], klartext: Klartext) -> None:
    await people["mara"].says("/define Lead")
    await people["mara"].presses("Bei uns heisst das anders")
    await people["mara"].fills_in(text="Jede <b>Visitenkarte</b>")
    assert "Danke" in (await people["mara"].answer()).text
    async with klartext.database.reading() as session:
        (kept,) = (await session.exec(select(Remark))).all()
    assert (kept.text, kept.term) == ("Jede <b>Visitenkarte</b>", "lead")
    sven = people["sven"]
    await sven.says("@Klartext Einstellungen")
    assert "Vertrieb" in (await sven.answer()).text
    await sven.presses("Ändern")
    await sven.fills_in(language="en", department="it")
    assert say("en", "people.saved") in (await sven.answer()).text
    await sven.says("@Klartext settings")
    assert "English" in (await sven.answer()).text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("GTM", "Google Tag Manager"),
        ("erkläre mir bitte Lead Nurturing", "Lead-Nurturing"),
        ("Wir brauchen HubSpot", "Anfrage daraus machen"),
        ("Wir möchten Anmeldungen vom Webinar automatisch ins CRM bringen", "Anfrage daraus machen"),
    ],
)
async def test_words_are_looked_up_and_wishes_are_offered(
    people: dict[str, Person], said: str, answered: str
) -> None:
    mara = people["mara"]
    mara.url = "/mara/klartext"
    await mara.says(said)
    assert answered in (await mara.answer()).text


async def test_what_a_job_posts_stands_in_the_place_with_that_name(
    klartext: Klartext, people: dict[str, Person], store: Store
) -> None:
    posted = asyncio.Event()
    store.on_change(posted.set)
    async with klartext.database.reading() as session:
        place = await bound(session, "#it-anfragen")
    assert place is not None
    await klartext.outbox.post(place, card("A new request"), "request-1")
    async with asyncio.timeout(10):
        await posted.wait()
    assert [m.card for m in seen(store, at("ines", "it-anfragen"))] == [card("A new request")]


async def test_a_name_that_is_bound_elsewhere_stays_there(real: Playground, klartext: Klartext) -> None:
    """A second start, after somebody has bound the queue to a channel of Slack."""
    elsewhere = Place("slack", "C0ITA", "public")
    async with klartext.database.unit() as unit:
        await bind(unit, "#it-anfragen", elsewhere)
        await unit.commit()
    await meet_playground(klartext)
    async with klartext.database.reading() as session:
        assert await bound(session, "#it-anfragen") == elsewhere
        assert await bound(session, "#it") == Place("playground", "#it")
