"""Who may see and who may change a request. Asked on every event; nothing that a card says counts. Pure."""

from collections.abc import Collection

from bot.chat.events import Asker
from bot.requests.refs import person_number
from bot.requests.tables import Request


def change(request: Request, asker: Asker) -> bool:
    """Whose request it is: who asked for it, or filled it in for them."""
    return asker.person in {request.requester, request.submitted_by}


def see(request: Request, asker: Asker, supporters: Collection[int] = ()) -> bool:
    """Everybody sees a request, a confidential one only its team and the people in it."""
    if not request.confidential or change(request, asker) or asker.person in supporters:
        return True
    return request.team.removeprefix("role:") in asker.roles or asker.person in people_in(request)


def people_in(request: Request) -> set[int]:
    """The people whom the use case names (as `person:7`)."""
    named = [request.use_case.get("owner"), *(request.use_case.get("stakeholders") or ())]
    return {number for name in named if (number := person_number(name)) is not None}
