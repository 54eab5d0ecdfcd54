"""A form that changes while somebody fills it in, finds what they type, and asks before it throws away."""

import asyncio
from dataclasses import replace

import pytest
from playwright.async_api import Route, expect

from bot.channels.playground.store import OpenForm
from bot.chat.events import FieldChanged, FormSubmitted, OptionsWanted
from bot.chat.replies import Close, Errors, Reply, Results, Update
from bot.chat.ui import Button, ChoiceInput, Form, LinesInput, Option, SearchInput, Text, TextInput
from tests.channels.playground.browser.windows import House, Served
from tests.channels.playground.kit import COLOURS, card, form

DROP = Button("Drop it", "drop", style="danger", confirm="Really drop it?")
FIRST = form(
    TextInput("name", "Name"),
    ChoiceInput("colour", "Colour", options=COLOURS, live=True),
    SearchInput("find", "System", required=False, several=True),
    LinesInput("why", "Reason", required=False),
    buttons=(DROP,),
)
SYSTEMS = (Option("crm", "CRM"), Option("erp", "ERP"), Option("web", "Website"))


@pytest.fixture
def sent(served: Served) -> list[FormSubmitted]:
    """A feature with such a form, open before Mara; what she sent."""
    sent: list[FormSubmitted] = []

    async def changed(event: FieldChanged) -> Reply:
        return Update(with_red() if event.answers["colour"] == "r" else FIRST)

    async def submitted(event: FormSubmitted) -> Reply:
        sent.append(event)
        if event.button is None and event.answers["name"] == "Nobody":
            return Errors({"name": "Nobody is nobody"})
        return Close(card("Dropped" if event.button else "Thank you"))

    async def found(event: OptionsWanted) -> Reply:
        typed = event.typed.casefold()
        return Results(tuple(option for option in SYSTEMS if typed in option.label.casefold()))

    served.klartext.router.on_change("form", changed)
    served.klartext.router.on_form("form", submitted)
    served.klartext.router.on_options("find", found)
    served.store.open("mara", OpenForm("f", "d", "marketing", FIRST))
    return sent


def with_red() -> Form:
    """The form with one more question."""
    return replace(FIRST, elements=(*FIRST.elements, TextInput("red", "Why red?")))


async def test_a_form_grows_and_what_was_typed_stays(house: House, sent: list[FormSubmitted]) -> None:
    mara = await house.window()
    await expect(mara.form.get_by_label("Name")).to_be_focused()
    await mara.form.get_by_label("Name").fill("Mara")
    await mara.form.get_by_label("Reason").fill("because\nso")
    await mara.form.get_by_role("radio", name="Red").check()
    await mara.form.get_by_label("Why red?").fill("It is warm")
    await expect(mara.form.get_by_label("Reason")).to_have_value("because\nso")
    await mara.form.get_by_role("radio", name="Blue").check()
    await expect(mara.form.get_by_label("Why red?")).to_have_count(0)
    await expect(mara.form.get_by_role("radio", name="Blue")).to_be_focused()
    await mara.form.get_by_role("button", name="Send it").click()
    await expect(mara.card).to_have_text("Thank you")
    assert dict(sent[0].answers) == {"name": "Mara", "colour": "b", "find": (), "why": "because\nso"}


async def test_what_is_typed_while_the_form_grows_stays(house: House, sent: list[FormSubmitted]) -> None:
    mara = await house.window()
    await mara.form.get_by_role("radio", name="Red").check()
    await mara.form.get_by_label("Name").fill("Typed in the meantime")
    await expect(mara.form.get_by_label("Why red?")).to_be_visible()
    await expect(mara.form.get_by_label("Name")).to_have_value("Typed in the meantime")


async def test_a_system_is_found_and_taken_away(house: House, sent: list[FormSubmitted]) -> None:
    mara = await house.window()
    search = mara.form.get_by_role("combobox", name="System")
    await search.press_sequentially("r")
    options = mara.form.get_by_role("option")
    await expect(options).to_have_text(["CRM", "ERP"])
    await options.nth(1).click()
    await search.press_sequentially("xyz")
    await expect(mara.form.locator(".found")).to_have_text("Nichts gefunden")
    await search.fill("web")
    await options.first.click()
    await expect(mara.form.locator(".chosen li")).to_have_text(["ERP", "Website"])
    await mara.page.reload()
    await mara.form.get_by_label("ERP").click()
    await mara.form.get_by_label("Name").fill("Mara")
    await mara.form.get_by_role("radio", name="Blue").check()
    await mara.form.get_by_role("button", name="Send it").click()
    await expect(mara.card).to_have_text("Thank you")
    assert sent[0].answers["find"] == ("web",)


async def test_a_complaint_has_the_focus_and_loses_nothing(house: House, sent: list[FormSubmitted]) -> None:
    mara = await house.window()
    await mara.form.get_by_label("Reason").fill("because")
    await mara.form.get_by_label("Name").fill("Nobody")
    await mara.form.get_by_role("radio", name="Blue").check()
    await mara.form.get_by_role("button", name="Send it").click()
    name = mara.form.get_by_label("Name")
    await expect(name).to_have_accessible_description("Nobody is nobody")
    await expect(name).to_be_focused()
    await expect(mara.form.get_by_label("Reason")).to_have_value("because")


async def test_a_question_comes_before_what_cannot_be_undone(
    house: House, sent: list[FormSubmitted]
) -> None:
    mara = await house.window()
    await mara.form.get_by_role("button", name="Drop it").click()
    question = mara.page.get_by_role("alertdialog", name="Really drop it?")
    await question.get_by_role("button", name="Abbrechen").click()
    await expect(question).to_be_hidden()
    assert sent == []
    await mara.form.get_by_role("button", name="Drop it").click()
    await question.get_by_role("button", name="Drop it").click()
    await expect(mara.card).to_have_text("Dropped")
    assert [event.button for event in sent] == ["drop"]


async def test_a_search_without_the_script(house: House, sent: list[FormSubmitted]) -> None:
    mara = await house.window(java_script_enabled=False)
    await mara.form.get_by_label("Name").fill("Mara")
    await mara.form.get_by_role("radio", name="Blue").check()
    await mara.form.get_by_role("combobox", name="System").fill("r")
    await mara.form.get_by_role("button", name="Suchen").click()
    await mara.form.get_by_label("CRM").check()
    await mara.form.get_by_role("button", name="Send it").click()
    await expect(mara.card).to_have_text("Thank you")
    assert (sent[0].answers["find"], sent[0].answers["name"]) == (("crm",), "Mara")


async def test_answers_given_while_the_form_grows_are_kept_and_sent(
    house: House, sent: list[FormSubmitted]
) -> None:
    """Clicks faster than the server answers: the form that comes back knows nothing of the later ones."""
    mara = await house.window()
    await mara.page.route("**/changed", _slowly)
    await mara.form.get_by_role("radio", name="Red").check()
    await mara.form.get_by_label("Name").fill("Mara")
    await mara.form.get_by_label("Reason").fill("because")
    await mara.form.get_by_role("radio", name="Blue").check()
    await mara.form.get_by_role("button", name="Send it").click()
    await expect(mara.card).to_have_text("Thank you")
    assert dict(sent[0].answers) == {"name": "Mara", "colour": "b", "find": (), "why": "because"}


async def test_a_click_under_way_is_not_lost(house: House, sent: list[FormSubmitted]) -> None:
    """A press takes a tenth of a second, in which the form may be drawn anew below the finger."""
    mara = await house.window()
    await mara.form.get_by_label("Name").fill("Mara")
    box = await mara.form.get_by_role("button", name="Send it").bounding_box()
    assert box
    await mara.page.mouse.move(box["x"] + 5, box["y"] + 5)
    async with mara.page.expect_response("**/changed"):
        await mara.form.get_by_role("radio", name="Blue").press("Space")
        await mara.page.mouse.down()
    await mara.page.mouse.up()
    await expect(mara.card).to_have_text("Thank you")


async def test_a_long_page_is_read_from_its_start(house: House, served: Served) -> None:
    long = form(*[Text(f"Line {number}") for number in range(60)], TextInput("name", "Name"))
    served.store.open("mara", OpenForm("f", "d", "marketing", long))
    mara = await house.window()
    await expect(mara.form.get_by_text("Line 0", exact=True)).to_be_in_viewport()
    await expect(mara.form.locator(".page")).to_be_focused()


async def _slowly(route: Route) -> None:
    await asyncio.sleep(0.05)
    await route.continue_()
