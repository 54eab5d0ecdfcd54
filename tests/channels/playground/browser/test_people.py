"""Several people and several windows at once; nothing is done twice, lost, or done in another's name."""

from playwright.async_api import Page, expect

from bot.channels.playground.store import OpenForm
from bot.chat.events import Place
from bot.i18n import say
from tests.channels.playground.browser.windows import House, Served, Started, Window
from tests.channels.playground.kit import ALL, card, form


async def test_two_people_talk(house: House) -> None:
    mara, sven = await house.window(), await house.window("/sven/marketing")
    await mara.says("Guten Morgen")
    await sven.says("Salü Mara")
    for window in (mara, sven):
        await expect(window.log.locator(".words")).to_have_text(["Guten Morgen", "Salü Mara"])
    await mara.log.locator(".reply summary").first.click()
    await mara.log.get_by_label("Antworten").first.fill("@Klartext was heisst Lead?")
    await mara.page.keyboard.press("Enter")
    await expect(sven.log.locator(".thread .card")).to_contain_text("Lead")


async def test_a_room_with_news_is_marked_until_one_looks(house: House) -> None:
    mara, sven = await house.window("/mara/it"), await house.window("/sven/vertrieb")
    marked = mara.page.locator("nav .unseen .name")
    await sven.says("Wer hat den Termin?")
    await expect(marked).to_have_text("vertrieb")
    await mara.page.get_by_role("link", name="vertrieb neu").click()
    await expect(mara.log).to_contain_text("Wer hat den Termin?")
    await expect(marked).to_have_count(0)


async def test_a_job_posts_into_an_open_page(house: House, served: Served) -> None:
    ines = await house.window("/ines/it-anfragen")
    posted = await served.page.sender.post(at_requests(), card("Ein Wunsch"), "1")
    await expect(ines.card).to_have_text("Ein Wunsch")
    await served.page.sender.edit(posted, card("Ein Wunsch, in Prüfung"))
    await expect(ines.card).to_have_text("Ein Wunsch, in Prüfung")
    await served.page.sender.delete(posted)
    await expect(ines.log.locator(".card")).to_have_count(0)


def at_requests() -> Place:
    """Where requests go."""
    return Place("playground", "#it-anfragen")


async def test_double_clicks_do_it_once(house: House) -> None:
    mara = await house.window()
    await mara.page.locator(".try").nth(1).dblclick()
    await expect(mara.card).to_contain_text("Abwanderung")
    await mara.log.get_by_role("button", name="Dem Kanal zeigen").dblclick()
    await mara.says("Fertig")
    await expect(mara.log.locator(".words")).to_have_text(["Fertig"])
    await expect(mara.log.locator(".card")).to_have_count(2)


async def test_two_windows_of_one_person_do_not_fight(house: House) -> None:
    """The second window answers a form that the first has sent already."""
    first = await house.window()
    await first.says("/define Lead")
    await first.presses("Bei uns heisst das anders")
    await expect(first.form).to_be_visible()
    second = await house.window()
    await second.form.get_by_label("Was heisst es bei euch?").fill("Zweitens")
    await first.form.get_by_label("Was heisst es bei euch?").fill("Erstens")
    await first.form.get_by_role("button", name="Senden").click()
    await expect(first.card).to_contain_text("Danke")
    house.expected = ("404",)
    await second.form.get_by_role("button", name="Senden").click()
    await expect(second.page.get_by_role("alert")).to_contain_text(say("de", "playground.error.no_form"))
    await expect(second.form.get_by_label("Was heisst es bei euch?")).to_have_value("Zweitens")
    await second.settles()
    await second.page.keyboard.press("Escape")
    await expect(second.page.locator("#dialog")).to_be_hidden()
    await expect(second.log.locator(".card")).to_have_count(2)


POST = """([url, fields]) => fetch(url, {method: "POST", body: new URLSearchParams(fields),
    headers: {Accept: "application/json"}}).then(answer => answer.status)"""
ACTS = ("form", "changed", "look")
GONE = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_CONTENT_LENGTH_MISMATCH",
    "ERR_INCOMPLETE_CHUNKED_ENCODING",
    "ERR_EMPTY_RESPONSE",
)


async def test_the_form_of_another_cannot_be_forged(house: House, served: Served) -> None:
    shown = OpenForm("form-of-mara", "drawing", "marketing", form(*ALL), {"line": "half a sentence"})
    served.store.open("mara", shown)
    house.expected = ("404",)
    sven = await house.window("/sven/marketing")
    posted = {"form": shown.id, "key": shown.drawing, "answer.line": "forged", "changed": "answer.line"}
    for act in ACTS:
        assert await _posts(sven.page, f"/sven/marketing/{act}", posted) == 404
    assert await _posts(sven.page, "/sven/marketing/close", posted) == 200
    mara = await house.window()
    await expect(mara.form.get_by_label("A line")).to_have_value("half a sentence")


async def _posts(page: Page, url: str, fields: dict[str, str]) -> int:
    return int(await page.evaluate(POST, [url, fields]))


async def test_a_killed_server_comes_back_with_everything(house: House, started: Started) -> None:
    """Power off while a form is open: the page waits, and what was typed arrives."""
    house.base = started.base
    house.expected = GONE
    await started.start()
    mara = await house.window()
    await mara.says("/define Lead")
    await mara.presses("Bei uns heisst das anders")
    words = mara.form.get_by_label("Was heisst es bei euch?")
    await words.fill("Jede Visitenkarte")
    await started.kill()
    await expect(mara.page.locator("#lost")).to_have_text(say("de", "playground.lost"))
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.page.get_by_role("alert")).to_have_text(say("de", "playground.failed"))
    await expect(words).to_have_value("Jede Visitenkarte")
    await started.start()
    await expect(mara.page.locator("#lost")).to_be_empty()
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.card).to_contain_text("Danke")
    later: Window = await house.window()
    await expect(later.log.locator(".card")).to_have_count(2)
    await started.kill()
    await started.start("--reset")
    await expect(mara.page.locator(".welcome")).to_be_visible()  # by itself: what it showed is gone


async def test_what_could_not_be_sent_stands_in_the_field_and_arrives_once(
    house: House, served: Served
) -> None:
    mara = await house.window()
    house.expected = ("503",)
    served.store._database.execute("PRAGMA query_only = ON")
    await mara.says("Wichtig!")
    await expect(mara.page.get_by_role("alert")).to_have_text(say("de", "playground.error.store"))
    await expect(mara.page.locator("#composer-text")).to_have_value("Wichtig!")
    served.store._database.execute("PRAGMA query_only = OFF")
    await mara.page.keyboard.press("Enter")
    await expect(mara.log.locator(".words")).to_have_text(["Wichtig!"])
    await expect(mara.page.locator("#composer-text")).to_have_value("")


async def test_who_types_fast_loses_nothing(house: House) -> None:
    mara = await house.window()
    said = [f"Satz {number}" for number in range(8)]
    for text in said:
        await mara.says(text)
    await expect(mara.log.locator(".words")).to_have_text(said)
