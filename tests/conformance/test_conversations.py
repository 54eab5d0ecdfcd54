"""One table of conversations, one outcome in Slack, Teams and the playground, through their real edges."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.conformance.conftest import Open
from tests.conformance.conversations import ASKING, DIALOGS, FAILING, Conversation
from tests.conformance.people import CHANNELS, Channel, talker
from tests.conformance.rows import left
from tests.conformance.shown import Shown

_NUMBER = re.compile(r"\(Nummer \w+\)")


@dataclass(frozen=True)
class Outcome:
    """What was seen after each step, and what is left in the database."""

    seen: list[Shown]
    rows: dict[str, list[Any]]


async def held(open_one: Open, channel: Channel, conversation: Conversation) -> Outcome:
    """The conversation with somebody whose profile is known."""
    building = await open_one()
    mara = talker(building, channel, "mara", conversation.room)
    await mara.say("Hilfe")
    seen = []
    for step in conversation.steps:
        await step.by(mara, building)
        seen.append(mara.shown)
        for part in step.sees:
            assert part in read(mara.shown), (channel, step, mara.shown)
    return Outcome(seen, await left(building.klartext))


def read(shown: Shown) -> str:
    """Everything that can be read."""
    asked = [f"{one.label} {one.hint} {one.error} {' '.join(one.value)}" for one in shown.questions]
    return " ".join((shown.title, shown.words, shown.errors, *asked, *shown.buttons))


def at_the_first(shown: Shown) -> Shown:
    """Slack has no place for a sentence about the whole form but its first question."""
    if not shown.errors or not shown.questions:
        return shown
    first, *others = shown.questions
    first = replace(first, error=" ".join(filter(None, (first.error, shown.errors))))
    return replace(shown, errors="", questions=(first, *others))


def without_numbers(shown: Shown) -> Shown:
    """Each failure has its own."""
    questions = tuple(replace(one, error=_NUMBER.sub("", one.error)) for one in shown.questions)
    return replace(shown, questions=questions)


@pytest.mark.parametrize("conversation", [*ASKING, *DIALOGS, *FAILING], ids=lambda one: one.name)
async def test_every_channel_has_the_same_outcome(open_one: Open, conversation: Conversation) -> None:
    slack, teams, playground = [await held(open_one, channel, conversation) for channel in CHANNELS]
    for step, *seen in zip(conversation.steps, slack.seen, teams.seen, playground.seen, strict=True):
        in_slack, in_teams, in_playground = [shown.words.split() for shown in seen]
        assert in_slack == in_teams == in_playground, step  # word by word: says where they part
        alike = [without_numbers(at_the_first(shown)) for shown in seen]
        assert alike[0] == alike[1] == alike[2], step
    assert slack.rows == teams.rows == playground.rows
