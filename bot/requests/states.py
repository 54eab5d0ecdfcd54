"""Where a request may stand. Pure: workflow and cards need no database."""

from enum import StrEnum


class State(StrEnum):
    """Where a request stands. Companies map words of their own onto these."""

    SUBMITTED = "submitted"
    IN_CLARIFICATION = "in_clarification"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Passing(StrEnum):
    """How far a request is on its way to another tool. `SENDING`: nobody knows yet whether it is there."""

    WAITING = "waiting"
    SENDING = "sending"
    ARRIVED = "arrived"
    FAILED = "failed"


OPEN = (State.SUBMITTED, State.IN_CLARIFICATION, State.ACCEPTED, State.PLANNED, State.IN_PROGRESS)
AGREED = (State.ACCEPTED, State.PLANNED, State.IN_PROGRESS, State.DELIVERED, State.CONFIRMED)
STILL_MINE = (State.SUBMITTED, State.IN_CLARIFICATION)  # the requester may still change everything


def is_still_mine(state: State, before: State | None) -> bool:
    """Whether the requester may still change everything: until it is accepted, also if something was asked
    after that. `before` is the state in which it was asked.
    """
    return (before or state) in STILL_MINE
