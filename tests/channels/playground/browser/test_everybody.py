"""For everybody: by keyboard, with a screen reader, on a phone, in the dark, without a script."""

from collections.abc import Mapping
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.channels.playground.store import Draft, OpenForm
from bot.chat.ui import Button, Buttons, Card, Divider, Element, Expandable, Text
from bot.i18n import say
from tests.channels.playground.browser.windows import House, Served, Window
from tests.channels.playground.kit import ALL, form
from tests.channels.playground.test_render import ALL as ELEMENTS

PHONE = {"viewport": {"width": 390, "height": 780}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def everything(served: Served) -> None:
    """A page with each kind of thing on it."""
    post = served.store.post
    root = post(Draft("#it", "mara", "Was heisst das?")).number
    more = Expandable("Mehr", (Text("x", "subtle"),))
    post(Draft("#it", "klartext", card=_card(Text("Alles", "strong"), *ELEMENTS), thread=root))
    post(Draft("#it", "klartext", card=_card(Text("Nur für dich")), audience="mara", asked="/define x"))
    post(Draft("#it", "sven", "Neu"))
    post(Draft("#it", "klartext", card=_card(BUTTONS, Divider(), more)))
    post(Draft("#marketing", "sven", "Neu"))


def _card(*elements: Element) -> Card:
    return Card("A card", elements)


PRIMARY, DANGER = Button("b", "act", style="primary"), Button("c", "act", style="danger")
BUTTONS = Buttons((Button("a", "act"), PRIMARY, DANGER))


async def barriers(page: Page) -> list[str]:
    """What axe finds: the rule and the place."""
    found = (await Axe().run(page, options=RULES)).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("scheme", "size"), [("light", {}), ("dark", PHONE)], ids=["laptop", "phone"])
async def test_no_page_has_a_barrier(
    house: House, served: Served, scheme: str, size: Mapping[str, Any]
) -> None:
    everything(served)
    mara = await house.window("/mara/it", color_scheme=scheme, reduced_motion="reduce", **size)
    for details in await mara.page.locator("details").all():
        await details.evaluate("details => details.open = true")
    assert await barriers(mara.page) == []
    await mara.go("/mara/klartext/home")
    assert await barriers(mara.page) == []
    if size:
        await mara.page.locator(".burger").click()
        assert await barriers(mara.page) == []
    errors, found = {question.id: "So geht das nicht." for question in ALL}, {"finds": {"x": "Ex"}}
    served.store.open("mara", OpenForm("f", "d", "it", form(*ALL), errors=errors, offered=found))
    await mara.go("/mara/it")
    assert await barriers(mara.page) == []
    house.expected = ("404",)
    await mara.go("/mara/nowhere")
    assert await barriers(mara.page) == []


async def test_by_keyboard_alone(house: House) -> None:
    mara = await house.window()
    press, focused = mara.page.keyboard.press, mara.page.locator(":focus")
    await expect(focused).to_have_id("composer-text")
    await mara.page.keyboard.type("/define Lead")
    await press("Shift+Enter")
    await mara.page.keyboard.type("x")
    await press("Backspace")
    await press("Enter")
    await expect(mara.card).to_contain_text("Lead")
    await _tab_to(mara, "Bei uns heisst das anders", "Shift+Tab")
    assert await focused.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    await press("Enter")
    await expect(focused).to_have_accessible_name("Was heisst es bei euch?")
    await mara.page.keyboard.type("Halb gesch")
    await press("Escape")
    await expect(mara.page.locator("#dialog")).to_be_hidden()
    await _tab_to(mara, "Mehr", "Shift+Tab")
    await press("Space")
    await expect(mara.card.get_by_role("button", name="Weniger")).to_be_visible()
    await expect(focused).to_have_id((await mara.log.locator("article").last.get_attribute("id")) or "")
    await _tab_to(mara, "Weniger", "Tab")


async def _tab_to(window: Window, name: str, key: str) -> None:
    """Go on until this has the focus."""
    for _ in range(40):
        if await window.page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        await window.page.keyboard.press(key)
    raise AssertionError(f"{name} cannot be reached")


async def test_the_first_tab_leads_to_the_message_field(house: House) -> None:
    mara = await house.window()
    await mara.page.locator("h1").click()
    await mara.page.evaluate("document.activeElement.blur()")
    await mara.page.locator(".skip").focus()
    await expect(mara.page.locator(".skip")).to_be_in_viewport()
    await mara.page.keyboard.press("Enter")
    await expect(mara.page.locator("#composer-text")).to_be_focused()


async def test_a_choice_by_keyboard(house: House, served: Served) -> None:
    served.store.open("sven", OpenForm("f", "d", "vertrieb", form(*ALL)))
    sven = await house.window("/sven/vertrieb")
    search = sven.form.get_by_role("combobox", name="Searches")
    options = sven.form.get_by_role("listbox", name="Searches").get_by_role("option")
    found = [{"value": "x", "label": "Ex <b>"}, {"value": "y", "label": "Why"}]
    await sven.page.route("**/options?*", lambda route: route.fulfill(json=found))
    await search.press_sequentially("e")
    await expect(options).to_have_text(["Ex <b>", "Why"])
    await search.press("ArrowDown")
    await search.press("ArrowDown")
    marked = await options.nth(1).get_attribute("id")
    await expect(search).to_have_attribute("aria-activedescendant", marked or "")
    await search.press("Enter")
    chosen = sven.form.get_by_role("checkbox", name="Why")
    await expect(chosen).to_be_checked()
    await expect(search).to_have_value("")
    await chosen.press("Space")
    await expect(chosen).to_have_count(0)
    await search.press_sequentially("e")
    await expect(options.first).to_be_visible()
    await search.press("Escape")
    await expect(options.first).to_be_hidden()
    await expect(sven.form).to_be_visible()  # Escape closed the list, not the form


async def test_on_a_phone_no_word_of_a_tab_is_broken(house: House) -> None:
    dario = await house.window("/dario/klartext", locale="en-GB", **PHONE)
    box = await dario.page.locator(".tabs a").last.bounding_box()
    assert box is not None
    assert box["height"] < 48  # one line
    wide = await dario.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["viewport"]["width"]


async def test_on_a_phone(house: House) -> None:
    mara = await house.window("/mara/marketing", **PHONE, has_touch=True, is_mobile=True)
    navigation = mara.page.get_by_role("navigation")
    await expect(navigation).to_be_hidden()
    await mara.page.locator(".try").nth(2).tap()
    cell = mara.card.get_by_role("cell").first
    await expect(cell).to_have_css("display", "block")
    await mara.page.get_by_role("button", name=say("de", "playground.navigation")).tap()
    await expect(navigation).to_be_in_viewport()
    await navigation.get_by_role("link", name="Sven").tap()
    await expect(mara.page).to_have_url(f"{house.base}/sven/marketing")
    await mara.page.wait_for_load_state()
    wide = await mara.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["viewport"]["width"]


async def test_nothing_sticks_out(house: House, served: Served) -> None:
    everything(served)
    served.store.post(Draft("#it", "sven", "Donaudampfschifffahrtsgesellschaft" * 12))
    mara = await house.window("/mara/it")
    for width in (320, 390, 768, 1024, 1600):
        await mara.page.set_viewport_size({"width": width, "height": 700})
        for box in ("main", "#scroll", "#log"):
            sticks_out = "box => box.scrollWidth > box.clientWidth"
            assert not await mara.page.locator(box).evaluate(sticks_out), (box, width)


async def test_without_a_script(house: House) -> None:
    mara = await house.window("/mara/marketing", java_script_enabled=False)
    await mara.page.locator(".try").first.click()
    await expect(mara.card).to_contain_text("Bei euch (Marketing)")
    await mara.presses("Mehr")
    await expect(mara.card.get_by_role("button", name="Weniger")).to_be_visible()
    await mara.presses("Bei uns heisst das anders")
    words = mara.form.get_by_label("Was heisst es bei euch?")
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.form.locator(".error")).to_have_text(say("de", "chat.form.missing"))
    await words.fill("Jede Visitenkarte")
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.card).to_contain_text("Danke")
    house.expected = ("422",)
    await mara.page.locator("#composer-text").fill("/nonsense")
    await mara.page.locator("#composer button").click()
    await expect(mara.page.get_by_role("alert")).to_contain_text("/nonsense")
    await mara.page.get_by_role("link", name="Zurück").click()
    await expect(mara.card).to_contain_text("Danke")


MOVING = """() => [...document.querySelectorAll("*")]
    .filter(element => parseFloat(getComputedStyle(element).transitionDuration) > 0).length"""


async def test_who_wants_no_motion_gets_none(house: House) -> None:
    mara = await house.window(reduced_motion="reduce")
    assert await mara.page.evaluate(MOVING) == 0
    calm = await house.window()
    assert await calm.page.evaluate(MOVING) > 0
