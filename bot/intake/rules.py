"""What follows from the answers that are sent: stakeholders, labels, open questions, the route. Pure."""

from dataclasses import dataclass

from bot.intake.model import Flow, RaisedQuestion, Route
from bot.intake.standing import Standing


@dataclass(frozen=True, slots=True)
class Consequences:
    """What the rules of a flow add, each once, in the order of the file. The first `route` that a rule
    names is taken.
    """

    route: str
    stakeholders: tuple[str, ...]
    labels: tuple[str, ...]
    questions: tuple[RaisedQuestion, ...]
    notify: tuple[str, ...]


def consequences(flow: Flow, standing: Standing) -> Consequences:
    """What the rules say about cleaned answers and facts."""
    raise NotImplementedError


def routed(flow: Flow, found: Consequences) -> Route:
    """Where the request goes."""
    return flow.routing[found.route]
