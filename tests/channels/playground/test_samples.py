"""The flows under `/flows`: every step as people get it, in both languages, and what is wrong."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.app import Klartext
from bot.app.channels import add_playground
from bot.channels.playground.store import Store
from bot.config import load_settings
from bot.glossary.living import import_file
from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import browsing
from tests.conftest import ROOT
from tests.world import GLOSSARY


@pytest.fixture(params=["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Nothing of this is in the database."""
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped flows, to change."""
    return Path(shutil.copytree(ROOT / "intake_flows", tmp_path / "intake_flows"))


@pytest.fixture
async def browser(
    migrated_url: str, folder: Path, tmp_path: Path, store: Store
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who edits the flows."""
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text(GLOSSARY, "utf-8")
    settings = load_settings({}, database_url=migrated_url, glossary=glossary, flows=folder)
    klartext = Klartext(settings)
    page = add_playground(klartext, store)
    await import_file(klartext.database, glossary)
    await klartext.living.refresh()
    async with browsing(page) as browser:
        yield browser
    await klartext.database.close()


async def look(browser: httpx.AsyncClient, address: str) -> Tag:
    """A page; every id on it is there once."""
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    page = read(answer.text)
    ids = [tag.attributes["id"] for tag in page._inside() if "id" in tag.attributes]
    assert len(ids) == len(set(ids))
    return page


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "de",
            ("Schritt 2 von 5", "Vom Tool zum Bedarf", "Nur wenn: «Bis wann?»", "GoToWebinar"),
        ),
        ("en", ("Step 2 of 5", "From tool to need", "Only if: “By when?”", "GoToWebinar")),
    ],
)
async def test_every_step_as_people_get_it(
    browser: httpx.AsyncClient, language: str, parts: tuple[str, ...]
) -> None:
    page = await look(browser, f"/flows/marketing_request?lang={language}")
    steps = page.all("fieldset", class_="sample")
    assert len(steps) == 5
    assert all("disabled" in step.attributes for step in steps)
    for part in parts:
        assert part in page.text
    assert page.all("textarea", name="answer.action")


async def test_the_kinds_to_choose_from(browser: httpx.AsyncClient) -> None:
    page = await look(browser, "/flows?lang=de")
    links = [tag.attributes["href"] for tag in page.one("div", class_="kinds").all("a")]
    assert {"/flows/data_request", "/flows/marketing_request"} <= set(links)
    assert (await browser.get("/flows/nothing")).status_code == 404


async def test_a_mistake_is_said_at_the_next_look(browser: httpx.AsyncClient, folder: Path) -> None:
    file = folder / "marketing_request.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("existing_fit: gap", "existing_fitt: gap", 1), "utf-8")
    page = await look(browser, "/flows/marketing_request?lang=de")
    assert "existing_fitt" in page.one("section", aria_labelledby="findings").text
    file.write_text("{", "utf-8")
    page = await look(browser, "/flows/marketing_request?lang=en")
    assert "marketing_request.yaml:1" in page.one("section", aria_labelledby="findings").text


async def test_texts_of_the_file_are_literal(browser: httpx.AsyncClient, folder: Path) -> None:
    file = folder / "marketing_request.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('de: "Worum geht es?"', 'de: "<script>alert(1)</script>"', 1), "utf-8")
    assert "<script>alert" not in (await browser.get("/flows/marketing_request?lang=de")).text
