"""What follows from the answers that are sent: stakeholders, labels, open questions, the route. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from bot.intake.conditions import holds
from bot.intake.model import Flow, Promises, RaisedQuestion, Route
from bot.intake.standing import Standing

DEFAULT_ROUTE = "default"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the rules of a flow add, each once, in the order of the file.

    The first `route` that a rule names is taken. `notify` hears of it besides the assignee. `promises`
    are the deadlines as the file says them: business time is counted where the request is worked on.
    """

    route: str
    routing: Route
    stakeholders: tuple[str, ...]
    labels: tuple[str, ...]
    questions: tuple[RaisedQuestion, ...]
    notify: tuple[str, ...]
    promises: Promises | None


def consequences(flow: Flow, now: Standing) -> Consequences:
    """What the rules say about cleaned answers and facts; nothing hidden has a say."""
    values = now.values
    effects = [rule.do for rule in flow.rules if holds(rule.when, values)]
    route = next((one.route for one in effects if one.route in flow.routing), DEFAULT_ROUTE)
    return Consequences(
        str(route),
        flow.routing[str(route)],
        _each(one.add_stakeholder for one in effects),
        _each(one.add_label for one in effects),
        tuple(one.add_open_question for one in effects if one.add_open_question),
        _each(one.notify for one in effects),
        flow.sla,
    )


def _each(found: Iterable[T | None]) -> tuple[T, ...]:
    """Every one once, in order."""
    return tuple(dict.fromkeys(one for one in found if one is not None))
