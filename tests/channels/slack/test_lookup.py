"""Asking in Slack, at its edge: signed requests through real bolt, over HTTP and Socket Mode."""

from tests.channels.slack.fake import MARKETING, SALES
from tests.channels.slack.workspace import Workspace, seen

MARKETING_SAYS = "Jeder Kontakt, der ein Formular ausgefüllt hat"
SALES_SAYS = "Kontakt mit Budget, Bedarf und vereinbartem Gesprächstermin"


async def test_define_answers_for_the_department_of_the_channel(workspace: Workspace) -> None:
    for place, first in ((MARKETING, MARKETING_SAYS), (SALES, SALES_SAYS)):
        answer = await workspace.slash("lead", place=place)
        assert answer.status == 200
        assert answer.body["response_type"] == "ephemeral"
        lines = seen(answer.body["blocks"]).splitlines()
        assert lines[0] == "Lead · in Diskussion"
        assert first in next(line for line in lines if "Kontakt mit" in line or "Jeder Kontakt" in line)
    assert workspace.slack.calls_of("chat.postMessage") == []
