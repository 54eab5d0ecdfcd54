"""The last page: the request as the team will see it, what would help, and the asides. Pure."""

from collections.abc import Iterator, Sequence

from bot.chat.ui import Button, Facts, Form, FormElement, Text
from bot.i18n import say
from bot.intake import pages
from bot.intake.model import Flow
from bot.intake.pages import Frame
from bot.intake.standing import Standing
from bot.intake.usecase import Readiness
from bot.requests.sections import Section

_OFFICE_HOUR = "offer_office_hour"


def form(
    now: Standing,
    frame: Frame,
    sections: Sequence[Section],
    readiness: Readiness | None,
    asides: Sequence[FormElement],
    *,
    edits: bool,
) -> Form:
    """Everything once more, to send or to change."""
    language, flow = frame.language, frame.words.flow
    head = (Text(frame.note or say(language, "request.review_note")),)
    shown = [part for section in sections for part in (Text(section.title, "strong"), Facts(section.rows))]
    return Form(
        action=pages.REVIEW,
        title=say(language, "request.review_title"),
        elements=(*head, *shown, *_readiness(readiness, flow, frame, edits=edits), *asides),
        submit=say(language, "request.send_change" if edits else "request.send"),
        cancel=say(language, "request.close"),
        state={pages.DRAFT: str(frame.draft)},
        revision=frame.revision,
        buttons=tuple(_buttons(now, frame)),
    )


def _readiness(found: Readiness | None, flow: Flow, frame: Frame, *, edits: bool) -> Iterator[FormElement]:
    """How ready it is, what would add points, and from where on it can be sent if the flow says so."""
    rubric, language = flow.review.readiness, frame.language
    if found is None or rubric is None or not rubric.show:
        return
    band = say(language, f"request.band_{found.band}")
    yield Text(say(language, "request.readiness", score=found.score, band=band), "strong")
    labels = [frame.text(one.label, {}) for one in rubric.criteria if one.id in found.open]
    if labels:
        yield Text(say(language, "request.readiness_more", labels=", ".join(labels)), "subtle")
    if found.score < rubric.min_score and rubric.gate == "hard" and not edits:
        yield Text(say(language, "request.gate_min", score=rubric.min_score), "subtle")
    if found.score < rubric.min_score and rubric.below_min == _OFFICE_HOUR:
        yield Text(say(language, "request.office_hour"), "subtle")


def _buttons(now: Standing, frame: Frame) -> Iterator[Button]:
    language = frame.language
    yield Button(say(language, "request.back"), pages.BACK)
    for page in now.pages:
        title = frame.text(page.step.title, now.values)
        yield Button(say(language, "request.edit_section", title=title), pages.JUMP + page.step.id)
    yield Button(say(language, "request.save"), pages.SAVE)
    yield Button(say(language, "request.early"), pages.EARLY)
    yield pages.discard_button(language)
