"""What is created once, whatever is lost on the way."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.ports import RetryLater
from bot.connectors.courier import Courier, Kept
from bot.connectors.ports import Busy, Failed, Found, Rejected, Remote, Ticket, Unclear, Unreached
from tests.connectors.tickets import AT, ticket

MINUTE = dt.timedelta(minutes=1)


@dataclass(slots=True)
class Tool:
    """A tool that keeps what it got. `fails` are raised in turn; `lost`: after it has taken it."""

    settle: float | None = 30.0
    fails: list[Failed | None] = field(default_factory=list)
    lost: bool = True
    made: list[Ticket] = field(default_factory=list)
    has: dict[str, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    looked: int = 0

    async def create(self, ticket: Ticket) -> Remote:
        failed = self.fails.pop(0) if self.fails else None
        if failed is None or (isinstance(failed, Unclear) and self.lost):
            known = self.settle is None and ticket.key in self.has  # it knows a repeat by its key
            if not known:
                self.made.append(ticket)
                self.has[ticket.key] = ticket.digest
        if failed:
            raise failed
        return Remote(ticket.key)

    async def update(self, remote: Remote, ticket: Ticket, before: str, event: str) -> None:
        failed = self.fails.pop(0) if self.fails else None
        if failed is None or (isinstance(failed, Unclear) and self.lost):
            self.events.append(event)
            self.has[remote.id] = ticket.digest
        if failed:
            raise failed

    async def find_by_key(self, key: str, since: dt.datetime) -> Remote | None:
        self.looked += 1
        return Remote(key) if key in self.has else None

    async def check(self) -> Found:
        return Found("webhook", {})

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Book:
    """A ledger in memory, and the clock."""

    kept: Kept = field(default_factory=Kept)
    at: dt.datetime = AT

    async def begun(self, digest: str) -> Kept:
        self.kept = replace(self.kept, tried_at=self.at, digest=digest)
        return self.kept

    async def nothing_arrived(self) -> None:
        self.kept = replace(self.kept, tried_at=None)

    async def arrived(self, remote: Remote, digest: str) -> Kept:
        self.kept = replace(
            self.kept, remote=remote, digest=digest, tried_at=None, count=self.kept.count + 1
        )
        return self.kept

    async def bring(self, tool: Tool, wanted: Ticket) -> Exception | None:
        """One run of the job; what it raises."""
        try:
            await Courier(tool, self, lambda: self.at).bring(wanted, self.kept)
        except (Failed, RetryLater) as error:
            return error
        return None


async def test_it_is_created_once_and_then_left_alone() -> None:
    tool, book = Tool(), Book()
    for _ in range(3):
        assert await book.bring(tool, ticket()) is None
    assert (len(tool.made), tool.events, tool.looked) == (1, [], 0)


@pytest.mark.parametrize("lost", [True, False])
async def test_after_an_unclear_answer_one_waits_and_looks(lost: bool) -> None:
    tool, book = Tool(fails=[Unclear("no_answer")], lost=lost), Book()
    assert isinstance(await book.bring(tool, ticket()), Unclear)
    later = await book.bring(tool, ticket())
    assert isinstance(later, RetryLater)
    assert later.seconds == 30.0
    book.at += MINUTE
    assert await book.bring(tool, ticket()) is None
    assert (len(tool.made), tool.looked) == (1, 1)


async def test_a_crash_in_the_middle_is_an_unclear_answer() -> None:
    tool, book = Tool(), Book()
    await book.begun(ticket().digest)
    await tool.create(ticket())
    book.at += MINUTE
    assert await book.bring(tool, ticket()) is None
    assert len(tool.made) == 1
    assert book.kept.remote


@pytest.mark.parametrize("failed", [Rejected("login"), Unreached("unreachable"), Busy(7)])
async def test_where_nothing_arrived_nobody_looks(failed: Failed) -> None:
    tool, book = Tool(fails=[failed]), Book()
    assert await book.bring(tool, ticket()) is failed
    assert await book.bring(tool, ticket()) is None
    assert (len(tool.made), tool.looked) == (1, 0)


async def test_what_changed_in_between_arrives_too() -> None:
    tool, book = Tool(fails=[Unclear("no_answer")]), Book()
    await book.bring(tool, ticket())
    book.at += MINUTE
    assert await book.bring(tool, ticket("Neu")) is None
    assert tool.has == {"klartext-req-42": ticket("Neu").digest}
    assert len(tool.made) == 1


async def test_where_nobody_can_look_the_repeat_has_the_first_content_and_the_change_follows() -> None:
    tool, book = Tool(settle=None, fails=[Unclear("no_answer")]), Book()
    await book.bring(tool, ticket())
    assert await book.bring(tool, ticket("Neu")) is None
    assert (len(tool.made), len(tool.events), tool.looked) == (1, 1, 0)
    assert tool.has["klartext-req-42"] == ticket("Neu").digest


async def test_a_change_there_and_back_is_two_events() -> None:
    tool, book = Tool(), Book()
    for state in ("accepted", "planned", "accepted", "planned"):
        assert await book.bring(tool, ticket(state=state)) is None
    assert len(set(tool.events)) == len(tool.events) == 3


async def test_a_repeated_change_is_the_same_event() -> None:
    tool, book = Tool(fails=[None, Unclear("no_answer")]), Book()
    await book.bring(tool, ticket())
    for _ in range(2):
        await book.bring(tool, ticket("Neu"))
    assert len(tool.events) == 2
    assert len(set(tool.events)) == 1


FAILURES = st.one_of(
    st.none(),
    st.sampled_from([Unclear("broken"), Unreached("unreachable"), Busy(1.0), Rejected("not_taken")]),
)


@given(
    fails=st.lists(FAILURES, max_size=8),
    texts=st.lists(st.sampled_from("abc"), min_size=1, max_size=8),
    settle=st.sampled_from([None, 30.0]),
    lost=st.booleans(),
)
async def test_whatever_fails_it_is_there_once_and_as_it_is_now(
    fails: list[Failed | None], texts: list[str], settle: float | None, lost: bool
) -> None:
    tool, book = Tool(settle=settle, fails=fails, lost=lost), Book()
    for text in [*texts, *texts[-1:] * 20]:
        await book.bring(tool, ticket(text))
        book.at += MINUTE
    assert [made.key for made in tool.made] == ["klartext-req-42"]
    assert tool.has == {"klartext-req-42": ticket(texts[-1]).digest}
