"""What people type is never executed: it stands there as they typed it, and a second wall stands behind."""

from playwright.async_api import expect

from bot.channels.playground.store import Draft, OpenForm
from bot.chat.ui import Bullets, Card, Facts, Table, Text, TextInput
from tests.channels.playground.browser.windows import House, Served
from tests.channels.playground.kit import HOSTILE, form

TITLE = "#it · Mara Marketing · Klartext"


async def test_what_people_type_is_text(house: House) -> None:
    mara, sven = await house.window("/mara/it"), await house.window("/sven/it")
    for text in HOSTILE:
        await mara.says(text)
    for window in (mara, sven, await house.window("/ines/it")):
        await expect(window.log.locator(".words")).to_have_text(list(HOSTILE))
    await mara.says(f"@Klartext was heisst {HOSTILE[0]}?")
    await mara.says(f"/define {HOSTILE[1]}")
    await expect(mara.log.locator(".private .card")).to_have_count(1)
    await expect(mara.log.locator(".card img, .card script, .words *")).to_have_count(0)
    assert await mara.page.title() == TITLE


async def test_a_word_is_proposed_as_it_was_typed(house: House) -> None:
    mara = await house.window("/mara/it")
    await mara.says(f"/define {HOSTILE[1]}")
    await mara.presses("Begriff vorschlagen")
    await mara.form.get_by_label("Welches Wort fehlt?").fill(HOSTILE[0])
    await mara.form.get_by_role("button", name="Senden").click()
    await expect(mara.card).to_contain_text(HOSTILE[0])
    assert await mara.page.title() == TITLE


async def test_cards_and_forms_with_hostile_words(house: House, served: Served) -> None:
    """As if it came from a glossary, a name, or another system."""
    bad = HOSTILE[1]
    elements = (
        Text(bad, "strong"),
        Bullets(HOSTILE),
        Facts(((bad, bad),)),
        Table((bad, bad), ((bad, bad),)),
    )
    served.store.post(Draft("#it", "klartext", card=Card(bad, elements)))
    question = TextInput("a", bad, hint=bad, initial=bad, placeholder=bad)
    served.store.open("mara", OpenForm("f", "d", "it", form(Text(bad), question), errors={"a": bad}))
    mara = await house.window("/mara/it")
    await expect(mara.form.get_by_label(bad)).to_have_value(bad)
    await expect(mara.log.locator(".bullets li")).to_have_text(list(HOSTILE))
    await mara.page.keyboard.press("Escape")
    await expect(mara.page.locator("#dialog")).to_be_hidden()
    await expect(mara.page.locator("img")).to_have_count(0)
    assert await mara.page.title() == TITLE


INTRUDERS = {
    "script": "add('script', {textContent: 'document.title = 1'})",
    "script from elsewhere": "add('script', {src: 'https://example.com/x.js'})",
    "handler of an image": "body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"title = 1\">')",
    "handler": "body.setAttribute('onclick', 'document.title = 1'); body.click()",
    "frame": "add('iframe', {srcdoc: '<script>top.document.title = 1</script>'})",
    "style": "body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
}
ADD = """const {body} = document;
const add = (name, of) => body.append(Object.assign(document.createElement(name), of));"""
REFUSED = ("Content Security Policy", "a request to x:", "https://example.com", "a request to about:")


async def test_even_markup_that_got_in_does_nothing(house: House) -> None:
    """The second wall: the Content-Security-Policy."""
    house.expected = REFUSED
    mara = await house.window("/mara/it")
    for code in INTRUDERS.values():
        async with mara.page.expect_console_message(lambda said: REFUSED[0] in said.text):
            await mara.page.evaluate(f"() => {{ {ADD} {code} }}")
        assert await mara.page.title() == TITLE


EVIL = """<form method=post action="{}/mara/marketing/say">
<input name=text value=evil><button>You have won!</button></form>"""


async def test_a_foreign_page_sends_nothing(house: House, served: Served) -> None:
    """A form on another site that posts to 127.0.0.1, by the click of somebody."""
    mara = await house.window()
    evil = served.base.replace("127.0.0.1", "localhost")  # another origin for the browser
    page = EVIL.format(served.base)
    house.expected = ("403",)
    await mara.page.route(f"{evil}/evil", lambda route: route.fulfill(body=page, content_type="text/html"))
    house.base = "http://"
    await mara.page.goto(f"{evil}/evil")
    await mara.page.get_by_role("button").click()
    await expect(mara.page.get_by_role("alert")).to_contain_text("fremden Seite")
    assert served.store.messages("#marketing", "mara") == []
