"""Tells the admins of a job that died: once, which one, why, and what to do."""

from datetime import timedelta

from sqlmodel import select

from bot.db.unit_of_work import Unit
from bot.i18n import say, sentences
from bot.jobs.outbox import DIRECT
from bot.jobs.tables import Job
from bot.jobs.upkeep import dead_since
from bot.people.access import ADMIN
from bot.people.tell import TELL, Values, in_each, tell

SINGLY = 3  # deaths of one kind within an hour that are told one by one; then one word for all others
_HOUR = timedelta(hours=1)
_NOTICE = "dead:"
_REASON = 200  # characters of an error in a message


async def report(unit: Unit, job: Job) -> None:
    """`worker.Report`. What cannot be told to an admin is not told to the admins: it would never end."""
    if await _is_notice(unit, job):
        return
    at = unit.database.clock()
    died = await dead_since(unit.session, job.kind, at - _HOUR)
    if died > SINGLY:
        values = {"what": in_each(lambda language: kind_name(job.kind, language))}
        await tell(unit, ADMIN, "jobs.many_died", values, f"{_NOTICE}{job.kind}:{at:%Y-%m-%dT%H}")
        return
    told: Values = {
        "what": in_each(lambda language: title(job, language)),
        "number": str(job.number),
        "error": (job.error or "")[:_REASON],
    }
    await tell(unit, ADMIN, "jobs.died", told, f"{_NOTICE}{job.number}:{at.isoformat()}")


def title(job: Job, language: str) -> str:
    """What a job does, and for which request."""
    name = kind_name(job.kind, language)
    request = job.payload.get("request")
    return f"{name}, REQ-{request}" if isinstance(request, int) else name


def kind_name(kind: str, language: str) -> str:
    """What jobs of a kind do; those of another version are called as they are."""
    return say(language, key) if (key := f"jobs.kinds.{kind}") in sentences(language) else kind


async def _is_notice(unit: Unit, job: Job) -> bool:
    """Whether the job was to tell somebody of a dead one: the telling itself, or a post that it caused."""
    once = job.dedupe_key or ""
    if job.kind == TELL:
        return once.startswith(_NOTICE)
    if job.kind != DIRECT or not once.startswith("direct:tell:"):
        return False
    cause = once.split(":")[2]
    found = select(Job.dedupe_key).where(Job.id == int(cause), Job.kind == TELL)
    return ((await unit.session.exec(found)).first() or "").startswith(_NOTICE)
