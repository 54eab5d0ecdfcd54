"""Klartext in Microsoft's own local Teams client, pressed by a headless browser: `uv run poe e2e-teams`.

Not part of the tests: it fetches the client from npm (15 MB, Node 20 or newer), whose licence is for
evaluation, and needs a Chromium. The client listens on all interfaces without asking who calls, so
everything runs in a network namespace of its own, where there is nothing but this machine. Keeps pictures
in `.e2e/`.

The client cannot open a dialog from a card's button, and knows no targeted messages and no slash menu; the
contract tests do.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".e2e"
CLIENT = "@microsoft/m365agentsplayground@0.2.28"
PROGRAM = FOLDER / "node_modules" / ".bin" / "agentsplayground"
INSIDE = "KLARTEXT_TEST_E2E_INSIDE"
BOT, SEEN = "http://127.0.0.1:3978", "http://127.0.0.1:56150"
LOCAL = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
PATIENCE = 60  # seconds for a program to listen
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CONFIG = """\
version: "0.1.1"
tenantId: 11111111-1111-1111-1111-111111111111
bot: {id: "28:klartext", name: Klartext}
currentUser: {id: u0, name: Mara, userPrincipleName: mara@example.com, email: mara@example.com,
  aadObjectId: 00000000-0000-0000-0000-000000000020, givenName: Mara, surname: Muster}
users:
"""
USER = """\
- {{id: u{n}, name: Person {n}, userPrincipleName: p{n}@example.com, email: p{n}@example.com,
    aadObjectId: 00000000-0000-0000-0000-00000000003{n}, givenName: Person, surname: "{n}"}}
"""
PLACES = """\
personalChat: {id: personal-chat-id}
groupChat: {id: group-chat-id, name: Group Chat}
team: {id: team-id, name: Team, aadGroupId: 00000000-0000-0000-0000-000000000099,
  channels: [{id: channel-marketing-id, name: Marketing}]}
"""


def main() -> int:
    """Fetch the client, then go where nobody else listens."""
    if INSIDE in os.environ:
        return drive()
    if browser() is None:
        return refuse("There is no Chromium. On Debian and Ubuntu: apt-get install chromium")
    if not PROGRAM.exists() and not fetch():
        return refuse(f"{CLIENT} cannot be fetched. It needs npm and Node 20 or newer.")
    namespace = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*namespace, "true"], check=False).returncode:
        return refuse("Without a network namespace (unshare --net) the client would listen to everybody.")
    again = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", sys.executable, __file__]
    return subprocess.run([*namespace, *again], env={**os.environ, INSIDE: "1"}, check=False).returncode


def fetch() -> bool:
    """Microsoft's client, without running anything of it."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}')
    call = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", CLIENT]
    return shutil.which("npm") is not None and subprocess.run(call, cwd=FOLDER, check=False).returncode == 0


def drive() -> int:
    """Start both sides, and do what a person does."""
    people = "".join(USER.format(n=number) for number in range(1, 6))  # exactly five, says the client
    (FOLDER / ".m365agentsplayground.yml").write_text(CONFIG + people + PLACES)
    for old in FOLDER.glob("klartext*.db*"):
        old.unlink()
    with (
        running(klartext(), f"{BOT}/healthz", "klartext"),
        running(client(), SEEN, "client"),
        sync_playwright() as driver,
    ):
        shown = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        page = shown.new_page(viewport={"width": 1400, "height": 1100})
        page.route("**/*", only_here)
        try:
            talk(page)
        finally:
            page.screenshot(path=FOLDER / "teams.png")
        shown.close()
    print(f"All of it works. The picture: {FOLDER.relative_to(ROOT) / 'teams.png'}")
    return 0


def talk(page: Page) -> None:
    """Ask, press, look up, begin; whatever the client complains of is a failure."""
    page.goto(SEEN)
    page.get_by_text("conversationUpdate 202").wait_for()
    step("the client reaches Klartext")

    page.get_by_role("textbox").first.fill("what is a lead?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Helpful", exact=True).wait_for()
    step("a question is answered with a card")

    page.get_by_role("button", name="More", exact=True).last.click()
    page.get_by_role("button", name="Less", exact=True).wait_for()
    step("a button puts another card in its place")

    page.get_by_role("button", name="Helpful", exact=True).last.click()
    page.get_by_text("Thank you, glad it helped.").wait_for()
    step("a button is answered with a line")
    page.screenshot(path=FOLDER / "card.png")

    open_extension(page, "Action Command")
    page.get_by_placeholder("Input command id or leave blanks").fill("ask")
    page.get_by_role("button", name="Create", exact=True).click()
    page.get_by_role("button", name="Ask Klartext", exact=True).last.click()
    page.get_by_text("This is still missing.").wait_for()
    step("an action opens a dialog, and says what is missing")

    page.get_by_label("Your question").fill("what is a conversion?")
    page.get_by_role("button", name="Ask Klartext", exact=True).last.click()
    page.get_by_role("dialog").get_by_text("Conversion ·").first.wait_for()
    step("the form is answered in the dialog")
    page.screenshot(path=FOLDER / "dialog.png")
    page.get_by_role("button", name="Close").last.click()

    open_extension(page, "Search Command")
    page.get_by_placeholder("Enter a search term").fill("conversion r")
    page.get_by_text("Conversion rate", exact=True).last.click()
    page.get_by_role("button", name="Send Message").click()
    page.get_by_text("Conversion rate (CVR, CR)").last.wait_for()
    step("the search inserts a card into the conversation")

    refused = re.findall(r"invoke [45]\d\d", page.inner_text("body"))
    if refused:
        raise SystemExit(f"the client heard {refused}")
    step("no invoke was refused")


def open_extension(page: Page, kind: str) -> None:
    """The message extension beside the text field."""
    page.get_by_role("button", name="Trigger Message Extension App").click()
    page.get_by_role("menuitem", name=kind).click()


def only_here(route: Route) -> None:
    """Nothing is fetched from elsewhere."""
    if route.request.url.startswith(LOCAL):
        route.continue_()
    else:
        route.abort()


@contextmanager
def running(call: tuple[list[str], dict[str, str]], url: str, name: str) -> Iterator[None]:
    """A program, from when it listens until nobody needs it; its words stand in `.e2e/`."""
    command, environ = call
    with (FOLDER / f"{name}.log").open("w") as log:
        program = subprocess.Popen(
            command, cwd=FOLDER, env={**os.environ, **environ}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_up(program, url, name)
            yield
        finally:
            program.terminate()
            program.wait(15)


def wait_until_up(program: subprocess.Popen[bytes], url: str, name: str) -> None:
    """Until it answers, whatever it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and program.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  (an address of ours)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{name} does not answer at {url}; see {FOLDER}/{name}.log")


def klartext() -> tuple[list[str], dict[str, str]]:
    """Klartext as anybody serves it for this client."""
    environ = {
        "KLARTEXT_ENV": "development",
        "KLARTEXT_TEAMS_ANONYMOUS": "true",
        "KLARTEXT_GLOSSARY": str(ROOT / "tests" / "data" / "examples" / "glossary.yaml"),
        "KLARTEXT_FLOWS": str(ROOT / "intake_flows"),
        "PYTHONPATH": str(ROOT),
    }
    return [sys.executable, "-m", "bot", "serve", "--port", "3978"], environ


def client() -> tuple[list[str], dict[str, str]]:
    """Microsoft's client, without its statistics."""
    environ = {
        "TEAMSAPPTESTER_BROWSER": "none",
        "APPLICATION_INSIGHTS_NO_STATSBEAT": "1",
        "APPLICATION_INSIGHTS_NO_DIAGNOSTIC_CHANNEL": "1",
    }
    options = ["-e", f"{BOT}/api/messages", "-c", "msteams", "-p", "56150", "--disable-telemetry"]
    return ["node", str(PROGRAM), "start", *options], environ


def browser() -> str | None:
    """A Chromium of this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def step(what: str) -> None:
    """Say that it works."""
    print(f"✓ {what}", flush=True)


def refuse(sentence: str) -> int:
    """Say why not."""
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
