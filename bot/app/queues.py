"""What triage knows of the flows and of the glossary: the queues, and the words in dispute."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.chat.ports import Labels, Words
from bot.glossary.lookups import times_asked
from bot.i18n import LANGUAGES
from bot.intake.model import Flow
from bot.triage.queues import Queue, Weekly

_ASKED = timedelta(days=90)  # in which look-ups are counted


def queues_of(flows: Iterable[Flow]) -> list[Queue]:
    """The queues that flows lead to; the first flow says a queue's language, and when its agenda is due."""
    found: dict[str, Queue] = {}
    for flow in flows:
        for route in flow.routing.values():
            known = found.get(route.queue) or Queue(
                route.queue, route.assignee, route.channel, (), _language(flow), _weekly(flow)
            )
            found[route.queue] = replace(known, flows=(*known.flows, flow.id))
    return list(found.values())


async def disputed_terms(words: Words, session: AsyncSession, at: datetime, language: str) -> list[str]:
    """The terms on which the departments have not agreed, as far as everybody may see them.

    First those that are looked up most: there a talk helps most.
    """
    terms = {term: label for term, label in words.terms(None).items() if words.disputed(term)}
    asked = await times_asked(session, at - _ASKED, terms)
    return [_label(terms[term], language) for term in sorted(terms, key=lambda one: -asked.get(one, 0))]


def _label(labels: Labels, language: str) -> str:
    """What a term is called in this language, else in any."""
    return labels.get(language) or next(iter(labels.values()), "")


def _language(flow: Flow) -> str:
    return next((one for one in flow.languages if one in LANGUAGES), LANGUAGES[0])


def _weekly(flow: Flow) -> Weekly:
    zone = flow.sla.calendar.timezone if flow.sla else "UTC"
    return Weekly(flow.agenda.day, flow.agenda.time, ZoneInfo(zone))
