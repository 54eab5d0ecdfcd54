"""`/queue` at the edge of Slack: a private list that turns its pages in place, and the Home tab."""

import pytest

from bot.people.roles import Roles
from bot.requests import store
from tests.channels.slack.conftest import WAYS
from tests.channels.slack.fake import INES, MARA
from tests.channels.slack.workspace import Workspace, labels, seen
from tests.requests.test_store import submission
from tests.triage.team import flows


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Everything here is tested both ways."""
    return str(request.param)


@pytest.fixture
async def busy(workspace: Workspace) -> Workspace:
    """Ines works on ten requests with titles as long as they may be."""
    klartext = workspace.klartext
    klartext.shelf._now = flows()
    klartext.directory.roles = Roles(
        users={"ines": "it@example.com"}, roles={"it_triage": ["user:ines"], "admin": []}
    )
    async with klartext.database.unit() as unit:
        for draft in range(1, 11):
            await store.submit(unit, submission(draft, title=f"Vorhaben {draft} <!channel> " * 20), "slack")
        await unit.commit()
    for user in (INES, MARA):
        await workspace.slash("lead", user=user)
    await workspace.jobs()
    workspace.slack.replies.clear()
    return workspace


async def test_the_list_and_its_next_page(busy: Workspace) -> None:
    answer = await busy.slash("", command="/queue", user=INES)
    assert answer.body["response_type"] == "ephemeral"
    text = seen(answer.body["blocks"])
    assert "Requests to your team" in text
    assert "REQ-1 · submitted · Vorhaben 1" in text
    assert "REQ-9" not in text
    await busy.press(answer.body["blocks"], "More", user=INES)
    ((_, body),) = busy.slack.replies
    assert body["replace_original"] is True
    assert "REQ-9" in seen(body["blocks"])


async def test_nobody_else_sees_it(busy: Workspace) -> None:
    answer = await busy.slash("", command="/queue", user=MARA)
    assert "Die Warteschlange sieht nur" in seen(answer.body["blocks"])


async def test_the_home_tab_of_who_works_on_it(busy: Workspace) -> None:
    await busy.open_home(INES)
    await busy.settle()
    assert "REQ-1 · submitted" in seen(busy.slack.homes[INES]["blocks"])
    assert "Overdue" in labels(busy.slack.homes[INES]["blocks"])
    await busy.open_home(MARA)
    await busy.settle()
    assert "Anfragen an dein Team" not in seen(busy.slack.homes[MARA]["blocks"])
