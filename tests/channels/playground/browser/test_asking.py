"""What a stranger does first: asks, compares, is asked back, shows, remarks, sets."""

from playwright.async_api import expect

from bot.i18n import say
from tests.channels.playground.browser.windows import House

QUESTION = "@Klartext Was heisst Lead bei uns?"


async def test_a_first_visit_tries_five_things(house: House) -> None:
    mara = await house.window("/")
    tries = mara.page.locator(".try")
    await expect(tries).to_have_count(5)
    await tries.nth(0).click()
    await expect(mara.card.get_by_role("heading")).to_have_text("Lead · in Diskussion")
    await expect(mara.card).to_contain_text("Bei euch (Marketing)")
    await tries.nth(1).click()
    await expect(mara.log.locator(".badge")).to_have_text("Nur du siehst das")
    await tries.nth(2).click()
    await expect(mara.log.locator("th[scope=col]")).to_have_text(
        ["Marketing Qualified Lead", "Sales Qualified Lead", "Structured Query Language"]
    )
    await tries.nth(3).click()
    await expect(mara.card).to_contain_text("«Warm Lead» kenne ich nicht.")
    await tries.nth(4).click()
    await expect(mara.card).to_contain_text("Formel")
    await mara.page.reload()
    await expect(mara.page.locator(".tries")).not_to_have_attribute("open", "")


async def test_five_things_in_english(house: House) -> None:
    dario = await house.window("/dario/vertrieb", locale="en-GB")
    await expect(dario.page.locator("html")).to_have_attribute("lang", "en")
    tries = dario.page.locator(".try")
    answers = ("In your team (Sales)", "Agreed", "Difference", "Did you mean", "Formula")
    for number, words in enumerate(answers):
        await tries.nth(number).click()
        await expect(dario.card).to_contain_text(words)


async def test_an_unknown_word_a_suggestion_an_answer(house: House) -> None:
    mara = await house.window()
    await mara.says("/ask Was ist ein Warm Lead?")
    await expect(mara.card).to_contain_text("Meintest du")
    await mara.presses("Sales Accepted Lead")
    await expect(mara.card.get_by_role("heading")).to_contain_text("Sales Accepted Lead")
    await mara.presses("Mehr")
    await expect(mara.card.get_by_role("button", name="Weniger")).to_be_visible()
    await expect(mara.log.locator(".card")).to_have_count(1)


async def test_a_comparison_from_a_button(house: House) -> None:
    mara = await house.window("/mara/klartext")
    await mara.says("Abwanderung")
    await mara.presses("Vergleichen mit Bestandskunde")
    await expect(mara.card.get_by_role("table")).to_be_visible()


async def test_what_one_shows_another_sees_at_once(house: House) -> None:
    mara, sven = await house.window(), await house.window("/sven/marketing")
    await mara.says("/define Abwanderung")
    await expect(mara.card).to_contain_text("Abmeldung vom Newsletter")
    await mara.presses("Dem Kanal zeigen")
    await expect(sven.card).to_contain_text("Geteilt von Mara Marketing")
    await expect(sven.log.locator(".card")).to_have_count(1)  # the private one is not his


async def test_here_it_means_something_else(house: House) -> None:
    mara = await house.window()
    await mara.says("/define Lead")
    await mara.presses("Bei uns heisst das anders")
    await expect(mara.form.get_by_role("heading")).to_have_text("Bei uns heisst das …")
    words = mara.form.get_by_label("Was heisst es bei euch?")
    await expect(words).to_be_focused()
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(words).to_have_attribute("aria-invalid", "true")
    await expect(words).to_be_focused()
    await words.fill("Jede Visitenkarte")
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.page.locator("#dialog")).to_be_hidden()
    await expect(mara.card).to_contain_text("Danke")


async def test_settings_change_the_language(house: House) -> None:
    sven = await house.window("/sven/klartext")
    await sven.says("Einstellungen")
    await sven.presses("Ändern")
    await sven.form.get_by_label("Englisch").check()
    await sven.form.get_by_label("IT", exact=True).check()
    await sven.form.get_by_role("button", name="Speichern").click()
    await expect(sven.card).to_contain_text(say("en", "people.saved"))
    await sven.says("churn")
    await expect(sven.card).to_contain_text("Agreed definition")


async def test_the_home_page_leads_to_terms_and_messages(house: House) -> None:
    mara = await house.window("/mara/klartext/home")
    home = mara.page.locator("#home")
    await home.get_by_role("button", name="Aktiver Kunde").first.click()
    await expect(mara.card.get_by_role("heading")).to_contain_text("Aktiver Kunde")
    await mara.page.get_by_role("link", name="Übersicht").click()
    await home.get_by_role("button", name="Alle Begriffe").click()
    await expect(mara.card).to_contain_text("55 Begriffe")
    await mara.page.get_by_role("link", name="Übersicht").click()
    await home.get_by_role("button", name="Klartext fragen").click()
    await mara.form.get_by_label("Deine Frage").fill("Was heisst Lead?")
    await mara.page.keyboard.press("Enter")
    await expect(mara.card.get_by_role("heading")).to_contain_text("Lead")


async def test_a_shortcut_explains_what_a_colleague_wrote(house: House) -> None:
    sven, mara = await house.window("/sven/it"), await house.window("/mara/it")
    await sven.says("Der Lead hat noch keinen Consent.")
    menu = mara.log.locator("details.menu")
    await menu.get_by_label(say("de", "playground.message_menu")).click()
    await menu.get_by_role("button", name="Begriffe erklären").click()
    await expect(mara.card).to_contain_text("Lead")
    await expect(sven.log.locator(".card")).to_have_count(0)


async def test_the_page_speaks_the_language_that_one_chooses(house: House) -> None:
    mara = await house.window()
    await mara.page.get_by_role("link", name="English").click()
    await expect(mara.page.get_by_role("heading", name="You are in")).to_be_visible()
    await mara.page.get_by_role("link", name="vertrieb", exact=True).click()
    await expect(mara.page.get_by_role("heading", name="You are in")).to_be_visible()


async def test_a_first_visit_begins_with_the_welcome_however_much_was_said(house: House) -> None:
    mara = await house.window("/mara/marketing")
    for number in range(20):
        await mara.says(f"Guten Morgen {number}")
        await expect(mara.log).to_contain_text(f"Guten Morgen {number}")
    sven = await house.window("/sven/marketing")
    await expect(sven.log).to_contain_text("Guten Morgen 19")
    await expect(sven.page.locator(".welcome")).to_be_in_viewport()
