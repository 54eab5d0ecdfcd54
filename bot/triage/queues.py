"""The queues that the flows lead to. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """`team` is the role that works on it, `place` our name of its channel, `flows` lead there."""

    id: str
    team: str
    place: str
    flows: tuple[str, ...] = ()
