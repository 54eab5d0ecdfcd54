"""The pictures of the README, made from the page as it is: `uv run poe pictures` keeps them."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.channels.playground.browser.windows import House

MOST = 300_000  # bytes of a picture


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_as_the_readme_shows_it(house: House, tmp_path: Path, scheme: str) -> None:
    folder = Path(os.environ.get("KLARTEXT_TEST_PICTURES") or tmp_path)
    mara = await house.window(color_scheme=scheme, viewport={"width": 1200, "height": 820})
    await mara.says("@Klartext Was heisst Abwanderung bei uns?")
    await expect(mara.card).to_contain_text("Abmeldung vom Newsletter")
    await mara.page.reload()
    await mara.page.locator("h1").click()
    picture = folder / f"playground-{scheme}.png"
    await mara.page.screenshot(path=picture)
    assert picture.stat().st_size < MOST


async def test_a_phone_as_the_readme_shows_it(house: House, tmp_path: Path) -> None:
    folder = Path(os.environ.get("KLARTEXT_TEST_PICTURES") or tmp_path)
    sven = await house.window("/sven/vertrieb", viewport={"width": 390, "height": 820}, is_mobile=True)
    await sven.says("@Klartext Was heisst Abwanderung bei uns?")
    await expect(sven.card).to_contain_text("Kündigung")
    await sven.page.reload()
    await sven.page.locator("h1").click()
    picture = folder / "playground-phone.png"
    await sven.page.screenshot(path=picture)
    assert picture.stat().st_size < MOST
