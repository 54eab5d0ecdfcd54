"""A page for everybody everywhere, posts with and without the script, and what does not work."""

from urllib.parse import urlencode

import httpx
import pytest

from bot.channels.playground.app import MAX_BODY, Playground, playground
from bot.channels.playground.listener import MAX_TEXT
from bot.channels.playground.people import PEOPLE, ROOMS
from bot.channels.playground.store import Draft, OpenForm, Store
from bot.chat.events import ButtonPressed, FormSubmitted, TextReceived
from bot.chat.replies import Close, Errors, Home, Open, Results, Tell, Update
from bot.chat.ui import Card, Option, SearchInput, TextInput
from bot.i18n import LANGUAGES, say
from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import (
    HOSTILE,
    MARA,
    Script,
    browsing,
    card,
    context,
    fields,
    form,
    opened,
    seen,
    told,
    with_button,
)

HERE = "/mara/marketing"


async def whole(browser: httpx.AsyncClient, address: str = HERE) -> Tag:
    """A page as the browser reads it."""
    answer = await browser.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


async def test_the_start_is_somebody_somewhere(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/")).headers["location"] == HERE


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("room", ROOMS)
async def test_everybody_can_be_everywhere(browser: httpx.AsyncClient, person: str, room: str) -> None:
    for language in LANGUAGES:
        page = await whole(browser, f"/{person}/{room}?lang={language}")
        assert page.one("html").attributes["lang"] == language
        current = [a.attributes["href"] for a in page.one("nav").all("a") if "aria-current" in a.attributes]
        assert current == [f"/{person}/{room}", f"/{person}/{room}", f"?lang={language}"]


async def test_a_first_visit_shows_five_things_to_try(browser: httpx.AsyncClient, script: Script) -> None:
    tries = (await whole(browser)).one("details", class_="tries")
    assert "open" in tries.attributes
    forms = tries.all("form")
    assert len(forms) == 5
    for one in forms:
        assert (await browser.post(one.attributes["action"], data=one.fields())).status_code in {303, 422}
    assert len([e for e in script.events if isinstance(e, TextReceived)]) == 5
    assert "open" not in (await whole(browser)).one("details", class_="tries").attributes


async def test_what_was_said_is_read_again(browser: httpx.AsyncClient, script: Script) -> None:
    script.then(Tell(card("the answer"), "thread"))
    answer = await browser.post(f"{HERE}/say", data=fields(text="hello\nthere"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}#end")
    log = (await whole(browser, "/sven/marketing")).one("ol", id="log")
    assert log.one("p", class_="text words").text == "hello\nthere"
    assert log.one("ol", class_="thread").one("div", class_="card").text == "the answer"


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_stands_there_as_text(
    browser: httpx.AsyncClient, script: Script, text: str
) -> None:
    harmless = read((await browser.get("/ines/it")).text)
    script.then(Tell(card(text, text)), Open(form(TextInput(text, text, initial=text))))
    await browser.post("/ines/it/say", data=fields(text=text))
    await browser.post("/ines/it/say", data=fields(text="/form"))
    page = await whole(browser, "/ines/it")
    assert page.one("p", class_="text words").text == text
    assert [p.text for p in page.one("div", class_="card").all("p")] == [text, text]
    assert text in page.one("pre").text
    assert page.one("dialog").one("label").text == text
    for name in ("script", "img", "svg", "iframe", "style"):
        assert len(page.all(name)) == len(harmless.all(name))


async def test_the_script_gets_json(
    script_browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    answer = await script_browser.post(f"{HERE}/say", data=fields(text="hello", drawing=""))
    assert answer.json() == {"dialog": None, "home": None, "go": HERE}
    script.then(Open(form()))
    told = (await script_browser.post(f"{HERE}/say", data=fields(text="/form", drawing=""))).json()
    assert "A form" in told["dialog"]
    drawing = store.form("mara").drawing  # type: ignore[union-attr]
    answer = await script_browser.post(f"{HERE}/say", data=fields(text="hello", drawing=drawing))
    assert answer.json()["dialog"] is None  # it stands there already


async def test_a_form_from_a_button_to_the_thanks(
    browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    told(store, with_button("lead"))
    script.then(Open(form(TextInput("a", "A", max_length=3))), Close(card("Thank you")))
    press = (await whole(browser)).one("div", class_="card").one("form")
    await browser.post(press.attributes["action"], data=press.fields())
    assert isinstance(script.last, ButtonPressed)
    dialog = (await whole(browser)).one("dialog")
    assert "open" in dialog.attributes
    sent = dialog.one("form")
    wrong = {**sent.fields(), "answer.a": "too long"}
    await browser.post(sent.attributes["action"], data=wrong)
    again = (await whole(browser)).one("dialog").one("form")
    assert "3" in again.one("p", class_="error").text
    assert again.one("input", id="q0").attributes["value"] == "too long"
    await browser.post(again.attributes["action"], data={**again.fields(), "answer.a": "fit"})
    assert isinstance(script.last, FormSubmitted)
    assert script.last.answers == {"a": "fit"}
    page = await whole(browser)
    assert "open" not in page.one("dialog").attributes
    assert "Thank you" in page.one("ol", id="log").text


async def test_leaving_a_form_closes_it(browser: httpx.AsyncClient, store: Store) -> None:
    opened(store)
    sent = (await whole(browser)).one("dialog").one("form")
    leave = sent.one("button", data_close="").attributes["formaction"]
    await browser.post(leave, data=sent.fields())
    assert store.form("mara") is None


async def test_a_search_without_the_script(
    browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    question = SearchInput("find", "System", initial=(Option("a", "Alpha"),))
    opened(store, "mara", question, TextInput("why", "Why"))
    sent = (await whole(browser)).one("dialog").one("form")
    look = sent.one("noscript").one("button")
    script.then(Results((Option("b", "Beta"), Option("c", "Gamma"))), Close())
    typed = {**sent.fields(), "field": "find", "typed.find": "bet", "answer.find": "a", "answer.why": "so"}
    await browser.post(look.attributes["formaction"], data=typed)
    again = (await whole(browser)).one("dialog").one("form")
    assert again.one("input", id="q1").attributes["value"] == "so"
    assert [label.text for label in again.one("noscript").all("label")] == ["Beta", "Gamma"]
    chosen = {**again.fields(), "answer.find": ["a", "c"], "answer.why": "so"}
    await browser.post(again.attributes["action"], data=chosen)
    assert isinstance(script.last, FormSubmitted)
    assert script.last.answers == {"find": "c", "why": "so"}


async def test_what_fits_while_one_types(
    script_browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    shown = opened(store, "mara", SearchInput("find", "System"))
    script.then(Results((Option("x", "<b>"),)))
    asked = urlencode({"form": shown.id, "field": "find", "typed": "b"})
    assert (await script_browser.get(f"{HERE}/options?{asked}")).json() == [{"value": "x", "label": "<b>"}]
    assert (await script_browser.get(f"/sven/marketing/options?{asked}")).status_code == 404


async def test_the_home_page_and_its_buttons(
    browser: httpx.AsyncClient, page: Playground, script: Script
) -> None:
    script.then(Home(with_button()), Update(card("instead")), Home(with_button()), Tell(card("a message")))
    press = (await whole(browser, "/mara/klartext/home")).one("section", id="home").one("form")
    answer = await browser.post(press.attributes["action"], data=press.fields())
    assert answer.headers["location"] == "/mara/klartext/home"
    async with browsing(page, Accept="application/json") as by_script:
        await by_script.get("/mara/klartext/home")
        told = (
            await by_script.post(press.attributes["action"], data={**press.fields(), "key": "fresh-key"})
        ).json()
    assert (told["home"], told["go"]) == (None, "/mara/klartext")  # where the message stands


async def test_there_is_a_home_page_only_alone_with_klartext(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(f"{HERE}/home")).status_code == 404
    assert say("en", "playground.home_empty") in (await browser.get("/mara/klartext/home")).text


async def test_a_language_is_remembered(browser: httpx.AsyncClient) -> None:
    for address in (HERE, "/mara/klartext/home"):
        answer = await browser.get(f"{address}?lang=de")
        assert "samesite=strict" in answer.headers["set-cookie"].lower()
        assert (await whole(browser)).one("html").attributes["lang"] == "de"
        browser.cookies.clear()


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("de-CH,de;q=0.9,en;q=0.8", "de"), ("fr-CH, fr, de", "de"), ("fr", "en"), ("", "en"), ("en-US", "en")],
)
async def test_the_browser_says_its_language(
    browser: httpx.AsyncClient, wanted: str, language: str
) -> None:
    answer = await browser.get(HERE, headers={"Accept-Language": wanted})
    assert read(answer.text).one("html").attributes["lang"] == language


async def test_previews_and_shortcuts_stand_at_the_messages(
    browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    told(store, card("a <b>"))
    store.post(Draft("#marketing", "sven", "leads are few"))
    log = (await whole(browser)).one("ol", id="log")
    assert log.one("details", class_="preview").one("pre").text == '{"text": "a <b>"}'
    explain = log.one("details", class_="menu").one("form")
    script.then(Tell(card("they mean")))
    await browser.post(explain.attributes["action"], data=explain.fields())
    assert seen(store)[-1].card == card("they mean")


async def test_a_card_that_another_channel_cannot_draw_is_shown_with_the_reason(
    script: Script, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_card: Card) -> str:
        raise ValueError("more than 50 blocks")

    told(store, card("a"))
    async with browsing(playground(script.router, context, store, previews={"Slack": fails})) as browser:
        log = (await whole(browser)).one("ol", id="log")
    assert log.one("pre").text == "ValueError: more than 50 blocks"
    assert "no preview for Slack" in caplog.text


async def test_an_old_thread_stands_alone(browser: httpx.AsyncClient, store: Store) -> None:
    root = store.post(Draft("#marketing", "mara", "root"))
    for number in range(300):
        store.post(Draft("#marketing", "mara", f"no. {number}", thread=root.number))
    log = (await whole(browser)).one("ol", id="log")
    assert len(log.all("article")) == 300
    assert log.all("ol", class_="thread") == []


async def test_a_card_of_another_version_is_said(browser: httpx.AsyncClient, store: Store) -> None:
    number = told(store, card("a"))
    store._database.execute("UPDATE messages SET card = '{}' WHERE number = ?", (number,))
    assert say("en", "playground.unreadable") in (await browser.get(HERE)).text


@pytest.mark.parametrize(
    "address",
    [
        "/eve/marketing",
        "/mara/nowhere",
        "/mara/@sven",
        "/mara",
        "/mara/marketing/x",
        "/MARA/marketing",
        "/static/../app.py",
        "/mara/%2e%2e",
    ],
)
async def test_who_or_what_is_not_there_is_said(browser: httpx.AsyncClient, address: str) -> None:
    answer = await browser.get(address)
    assert answer.status_code == 404
    assert say("en", "playground.error.no_page") in answer.text


async def test_a_page_that_says_sorry_leads_back(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(f"{HERE}/say", data=fields(text="/nonsense"))
    assert answer.status_code == 422
    sorry = read(answer.text)
    assert "/nonsense" in sorry.one("p", role="alert").text
    assert sorry.one("a").attributes["href"] == HERE


@pytest.mark.parametrize(
    ("text", "status"),
    [("ä" * MAX_TEXT, 303), ("🙂" * MAX_TEXT, 303), ("x" * (MAX_TEXT + 1), 422), ("x" * MAX_BODY, 413)],
    ids=["most", "most in bytes", "one more", "a million"],
)
async def test_a_long_message_is_taken_or_refused_in_a_sentence(
    browser: httpx.AsyncClient, store: Store, text: str, status: int
) -> None:
    answer = await browser.post(f"{HERE}/say", data=fields(text=text))
    assert answer.status_code == status
    assert [len(m.text) for m in seen(store)] == ([MAX_TEXT] if status == 303 else [])


@pytest.mark.parametrize(
    "body", [b"a=1&" * 1_001, b"\xff\xfe%zz&=&&==", b"", b'{"text": "hello"}', b"text=%00%1b%5b31m&key=%ff"]
)
async def test_what_is_no_form_does_nothing(browser: httpx.AsyncClient, store: Store, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for act in ("say", "changed", "form", "press", "choose", "look"):
        answer = await browser.post(f"{HERE}/{act}", content=body, headers=headers)
        assert answer.status_code in {303, 404, 413}
    assert [m.text for m in seen(store)] == []


async def test_only_a_post_changes_something(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(f"{HERE}/say?text=hello")).status_code == 405
    assert (await browser.delete(HERE)).status_code == 405


async def test_a_full_disk_is_said_and_the_page_can_be_read(
    script_browser: httpx.AsyncClient, store: Store
) -> None:
    store.post(Draft("#marketing", "sven", "before"))
    store._database.execute("PRAGMA query_only = ON")
    answer = await script_browser.post(f"{HERE}/say", data=fields(text="hello"))
    assert (answer.status_code, answer.json()) == (503, {"say": say("en", "playground.error.store")})
    assert "before" in (await script_browser.get(HERE)).text


async def test_a_bug_of_ours_is_a_sentence(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setattr(Store, "messages", lambda *_: 1 / 0)
    answer = await browser.get(HERE)
    assert answer.status_code == 500
    assert say("en", "playground.error.broken") in answer.text


async def test_a_form_that_is_open_stays_open_after_a_restart(
    script: Script, store: Store, browser: httpx.AsyncClient
) -> None:
    store.open("mara", OpenForm("f", "d", "marketing", form(TextInput("a", "A")), {"a": "half a sent"}))
    dialog = (await whole(browser)).one("dialog")
    assert dialog.one("input", id="q0").attributes["value"] == "half a sent"


async def test_errors_of_a_feature_stand_at_their_question(
    script_browser: httpx.AsyncClient, script: Script, store: Store
) -> None:
    shown = opened(store)
    script.then(Errors({"a": "Not this", "b": "Nor that"}))
    posted = fields(shown.drawing, form=shown.id, drawing=shown.drawing, **{"answer.a": "x"})
    dialog = read((await script_browser.post(f"{HERE}/form", data=posted)).json()["dialog"])
    assert [p.text for p in dialog.all("p", class_="error")] == ["Nor that", "Not this"]
    assert MARA.url == HERE
