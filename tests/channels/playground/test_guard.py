"""The page serves this machine and its own forms only, and says to the browser what it does not need."""

import httpx
import pytest

from bot.channels.playground.app import Playground
from bot.channels.playground.store import Store
from bot.i18n import say
from tests.channels.playground.kit import browsing, fields

SAY = "/mara/marketing/say"
TEXT = fields(text="hello")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8080"]
)
async def test_this_machine_is_served(browser: httpx.AsyncClient, host: str) -> None:
    answer = await browser.get("/mara/marketing", headers={"Host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "klartext.example.com",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "evil@127.0.0.1",
        "192.168.0.7",
        "",
    ],
)
async def test_a_foreign_name_is_refused(browser: httpx.AsyncClient, store: Store, host: str) -> None:
    """Another site can let its own name lead to 127.0.0.1 and then read the page."""
    for answer in (
        await browser.get("/mara/marketing", headers={"Host": host}),
        await browser.get("/static/playground.js", headers={"Host": host}),
        await browser.post(SAY, data=TEXT, headers={"Host": host}),
    ):
        assert answer.status_code == 403
        assert say("en", "playground.error.foreign_host") in answer.text
    assert store.revision() == 0


OTHERS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another port of this machine
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8081"},
    {"Sec-Fetch-Site": "", "Origin": "https://127.0.0.1:8080"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": ""},
)


@pytest.mark.parametrize("headers", OTHERS, ids=lambda headers: " ".join(headers.values()))
async def test_a_foreign_page_gets_nothing_done(
    browser: httpx.AsyncClient, store: Store, headers: dict[str, str]
) -> None:
    for act in ("say", "press", "choose", "form", "changed", "look", "close"):
        answer = await browser.post(f"/mara/marketing/{act}", data=TEXT, headers=headers)
        assert answer.status_code == 403
        assert say("en", "playground.error.foreign_page") in answer.text
    assert store.revision() == 0


async def test_an_older_browser_names_its_page(browser: httpx.AsyncClient, store: Store) -> None:
    headers = {"Sec-Fetch-Site": "", "Origin": "http://127.0.0.1:8080"}
    assert (await browser.post(SAY, data=TEXT, headers=headers)).status_code == 303
    assert store.revision() == 1


@pytest.mark.parametrize(
    "address", ["/mara/marketing", "/static/playground.js", "/nowhere", "/mara/marketing/options"]
)
async def test_every_answer_forbids_what_the_page_does_not_need(
    browser: httpx.AsyncClient, address: str
) -> None:
    headers = (await browser.get(address)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_refusal_is_json_for_the_script(page: Playground) -> None:
    async with browsing(page, Accept="application/json") as browser:
        answer = await browser.post(SAY, data=TEXT, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.json() == {"say": say("en", "playground.error.foreign_page")}
