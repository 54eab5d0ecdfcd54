"""Use cases as a table (CSV), one row each. Pure.

A spreadsheet runs a cell that begins like a formula: such a cell gets an apostrophe in front
(owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
from collections.abc import Iterable, Mapping

from bot.intake.ticket import by_place, title
from bot.intake.usecase import UseCase
from bot.intake.wording import Wording

COLUMNS = (
    "id",
    "status",
    "flow",
    "language",
    "title",
    "original_wish",
    "requirement",
    "solution_hint",
    "trigger",
    "action",
    "goal",
    "benefit",
    "systems",
    "missing_interfaces",
    "data_class",
    "deadline",
    "deadline_reason",
    "impact",
    "urgency",
    "priority",
    "owner",
    "requester",
    "stakeholders",
    "labels",
    "open_questions",
    "readiness",
    "route",
    "queue",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(cases: Iterable[tuple[UseCase, Wording]]) -> str:
    """The header and a row per use case, as CSV (RFC 4180)."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for case, words in cases:
        cells = row(case, words)
        writer.writerow([guarded(cells[column]) for column in COLUMNS])
    return written.getvalue()


def row(case: UseCase, words: Wording) -> Mapping[str, str]:
    """The cells of a use case by column; "" where nothing is known. Several values are parted by "; "."""
    said = by_place(case, words)
    person, system = words.names.person, words.names.system
    place, weight = case.landscape, case.priority
    gaps = place.interfaces.missing if place and place.interfaces else ()
    involved = (*(case.stakeholders or ()), *case.stakeholders_added)
    return {
        "id": case.id,
        "status": case.status,
        "flow": case.flow,
        "language": case.language,
        "title": title(case, words),
        "original_wish": case.original_wish or "",
        "requirement": case.requirement or "",
        "solution_hint": (case.solution_hint and case.solution_hint.product) or "",
        **{step: said.get(f"use_case.{step}", "") for step in ("trigger", "action", "goal", "benefit")},
        "systems": _several(map(system, (place and place.systems) or ())),
        "missing_interfaces": _several(f"{system(one.from_)} → {system(one.to)}" for one in gaps),
        "data_class": said.get("privacy.data_class", ""),
        "deadline": (case.deadline and case.deadline.date) or "",
        "deadline_reason": (case.deadline and case.deadline.reason) or "",
        "impact": said.get("priority.impact", ""),
        "urgency": (weight and weight.urgency) or "",
        "priority": (weight and weight.suggested) or "",
        "owner": said.get("owner", ""),
        "requester": person(case.requester) if case.requester else "",
        "stakeholders": _several(map(person, involved)),
        "labels": _several(case.labels),
        "open_questions": _several(one.text for one in case.open_questions),
        "readiness": str(case.readiness.score) if case.readiness else "",
        "route": case.routing.route,
        "queue": case.routing.queue,
    }


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


def _several(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
