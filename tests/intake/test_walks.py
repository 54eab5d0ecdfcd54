"""Random walks over the example flows, the shipped ones, and small random ones.

Whatever people press, in whatever order, on however old a page: it asks or it ends, nothing that was typed
is lost, nothing hidden is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.intake.conditions import UNKNOWN, Answer, Fact, holds
from bot.intake.flow import (
    Ask,
    Back,
    Begin,
    Change,
    Discarded,
    Done,
    Input,
    Jump,
    Next,
    Posed,
    Result,
    Review,
    Save,
    Saved,
    Submit,
    advance,
)
from bot.intake.model import Choice, Flow, Question
from bot.intake.standing import Standing, choices, problems, standing
from bot.intake.state import State, Surroundings, begun, dumped, listed, loaded, told
from tests.intake import small
from tests.intake.examples import TODAY, chosen_from, intake, shipped

TEXTS = ("HubSpot", "Sobald ein Kontakt …", "x", "  ", "", "| *fett* <@U1> {wish}", "y" * 3_100)
TYPED = st.sampled_from(TEXTS)
DAYS = st.sampled_from(("2027-03-12", "2026-01-01", "31.12.2027", "nie", "", "2027-01-20"))


def _facts(group: str) -> Any:
    """Analyses that depend on what was typed, and are as good as any."""

    def analyse(texts: tuple[str, ...]) -> Mapping[str, Fact]:
        match group:
            case "detected":
                wish = "HubSpot" in "".join(texts)
                return {
                    "detected.tool_wish": wish,
                    "detected.existing_system": wish,
                    "detected.suggested_requirement": "Kontakte qualifizieren" if wish else None,
                }
            case "interfaces":
                return {"interfaces.missing": texts[1:], "interfaces.unknown": ()}
            case _:
                return {"glossary.known": texts, "glossary.unknown": (), "glossary.disputed": texts[2:]}

    return analyse


AROUND = Surroundings(
    TODAY,
    "person:7",
    detected=_facts("detected"),
    interfaces=_facts("interfaces"),
    glossary=_facts("glossary"),
    choices=lambda source: (
        chosen_from(source)[:4] or (Choice("x1", {"de": "Eins"}), Choice("x2", {"de": "Zwei"}))
    ),
)


@st.composite
def small_flows(draw: st.DrawFn) -> Flow:
    """Two to four steps with questions that depend on earlier ones."""
    earlier: list[dict[str, Any]] = []
    steps = [_step(draw, earlier) for _ in range(draw(st.integers(1, 4)))]
    return small.flow(*steps, preview=draw(st.booleans()))


def _step(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    condition = _condition(draw, earlier)
    return {"questions": [_question(draw, earlier) for _ in range(draw(st.integers(1, 3)))]} | condition


def _condition(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    asked = [one for one in earlier if one["type"] != "markdown"]
    if not asked or draw(st.booleans()):
        return {}
    wanted = draw(
        st.sampled_from(
            ["a", {"not": "a"}, {"includes": "b"}, {"answered": True}, {"answered": False}, ["a", "b"]]
        )
    )
    return {"show_if": {draw(st.sampled_from(asked))["id"]: wanted}}


def _question(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    type_ = draw(
        st.sampled_from(["input", "dropdown", "multiselect", "number", "date", "user", "markdown"])
    )
    said: dict[str, Any] = {"id": f"q{len(earlier)}", "type": type_} | _condition(draw, earlier)
    if type_ in {"dropdown", "multiselect"}:
        said |= {"options": ["a", "b", "c"], "allow_other": draw(st.booleans())}
    if type_ != "markdown":
        said |= {"required": draw(st.booleans()), "allow_unknown": draw(st.booleans())}
        same = [one["id"] for one in earlier if one["type"] == type_]
        if same and "show_if" in said and draw(st.booleans()):
            said["fallback"] = draw(st.sampled_from(same))
        if draw(st.booleans()):
            said["default"] = {"user": "requester", "number": "3", "date": "2027-01-01"}.get(type_, "a")
    earlier.append(said)
    return said


FILES = [*intake().flows.values(), *shipped().flows.values()]
FLOWS = st.one_of(st.sampled_from(FILES), small_flows())


def typed_into(question: Question, options: tuple[Choice, ...]) -> st.SearchStrategy[Answer]:
    """What somebody may send for a question: also nonsense."""
    values = [*(choice.value for choice in options), UNKNOWN, "gone"]
    match question.type:
        case "dropdown":
            return st.sampled_from([*values, ""])
        case "multiselect" | "checkboxes":
            return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)
        case "number":
            return st.sampled_from(("3", "12,5", "viel", ""))
        case "date":
            return DAYS
        case "user":
            return st.sampled_from(("person:7", "role:it_lead", "U123", ""))
        case "users":
            return st.sampled_from((("person:7", "role:it_lead"), ("U123",), ()))
        case _:
            return TYPED


def right(question: Question, options: tuple[Choice, ...]) -> Answer:
    """An answer that nothing is wrong with."""
    match question.type:
        case "number":
            one = "3"
        case "date":
            one = TODAY.isoformat()  # not over yet, not to come
        case "user" | "users":
            one = "person:7"
        case "dropdown" | "multiselect" | "checkboxes":
            one = options[-1].value
        case _:
            one = "Wer zusagt, soll am selben Tag einen Anruf bekommen."
    return (one,) if question.several else one


@dataclass
class Walk:
    """Somebody in a flow, and what they have typed last into every field."""

    flow: Flow
    draw: Any
    result: Result
    typed: dict[str, Answer]

    def press(self) -> None:
        """Press anything that can be pressed, with anything typed; now and then on an old page."""
        given = self._input()
        before = self.result.state
        self.result = advance(self.flow, before, given, AROUND)
        if isinstance(given, Next | Back | Change | Save):
            self.typed |= given.answers
        assert set(before.answers) <= set(self.result.state.answers) | set(self.typed)

    def _input(self) -> Input:
        steps = [step.id for step in self.flow.steps]
        asked = self.result.step.id if isinstance(self.result, Ask) else None
        step = asked if asked and self.draw(st.integers(0, 9)) else self.draw(st.sampled_from(steps))
        answers = self.answers(step)
        match self.draw(st.integers(0, 9)):
            case 0 | 1 | 2 | 3:
                return Next(step, answers)
            case 4 | 5:
                return Back(step if asked else None, answers if asked else {})
            case 6:
                return Change(step, answers)
            case 7:
                return Jump(step)
            case 8:
                return Save(step, answers)
            case _:
                return Begin() if self.draw(st.booleans()) else Submit()

    def answers(self, step: str) -> dict[str, Answer]:
        questions = next(one for one in self.flow.steps if one.id == step).questions
        asked = [one for one in questions if one.type != "markdown" and self.draw(st.booleans())]
        return {one.id: self.draw(typed_into(one, choices(one, AROUND))) for one in asked}


def check(walk: Walk) -> None:
    """What must be true at any time."""
    result = walk.result
    assert loaded(dumped(result.state)) == result.state
    for question, answer in walk.typed.items():
        _not_lost(walk, question, answer)
    remembered_as_walked(walk.flow, result.state)
    match result:
        case Ask():
            assert result.posed
            assert 1 <= result.number <= result.total == len(result.standing.pages)
            assert result.state.step == result.step.id
            assert [one.question for one in result.posed] == list(_page(result))
            only_what_is_shown(walk.flow, result.standing)
        case Review() | Done():
            only_what_is_shown(walk.flow, result.standing)
            everything_is_right(walk.flow, result.state, result.standing)
        case Saved() | Discarded():
            pass


def remembered_as_walked(flow: Flow, state: State) -> None:
    """Whichever page is open: what an event has read before is what it would read now."""
    for step in (None, *(step.id for step in flow.steps)):
        opened = replace(state, step=step)
        assert standing(flow, opened, AROUND) == standing(flow, opened, replace(AROUND))


def _page(result: Ask) -> tuple[Question, ...]:
    page = result.standing.page(result.step.id)
    assert page
    return page.questions


def _not_lost(walk: Walk, id_: str, answer: Answer) -> None:
    """What was typed last stands in its field, as long as it says anything."""
    question = walk.flow.question(id_)
    assert question
    kept = walk.result.state.answers.get(id_)
    if kept is None and isinstance(walk.result, Ask | Review | Done):
        kept = walk.result.standing.suggestions.get(id_)  # typed exactly as suggested
    if kept is not None or not isinstance(walk.result, Ask | Review | Done):
        assert kept is None or listed(kept) == listed(answer) or not listed(answer)
    else:
        assert not listed(answer) or _suggested(walk.flow, id_, answer)


def _suggested(flow: Flow, id_: str, answer: Answer) -> bool:
    """Whether it was what stood there anyway, so that it is hidden now together with its question."""
    question = flow.question(id_)
    assert question
    default = "person:7" if question.default == "requester" else question.default
    return told(answer) in {told(str(default)), ("Kontakte qualifizieren",)}


def only_what_is_shown(flow: Flow, now: Standing) -> None:
    """An own, plain reading of the file: which answers may be there at all."""
    values: dict[str, Answer | Fact] = dict(now.facts)
    visible: set[str] = set()
    for step in flow.steps:
        shown = holds(step.show_if, values)
        for question in step.questions:
            if shown and holds(question.show_if, values):
                visible.add(question.id)
                if found := now.answers.get(question.id, now.open.get(question.id)):
                    values[question.id] = found
            elif question.id in now.answers:
                assert question.fallback in now.answers
                assert now.answers[question.id] == now.answers[str(question.fallback)]
                values[question.id] = now.answers[question.id]
    assert visible == {one.id for page in now.pages for one in page.questions}


def everything_is_right(flow: Flow, state: State, now: Standing) -> None:
    """What must be answered is, and what is valid and visible was not dropped."""
    assert not [page for page in now.pages if problems(page, state, now, AROUND)]
    for question in (one for page in now.pages for one in page.asked):
        answer = state.answers.get(question.id)
        assert question.id in now.answers or not question.drawn_required
        if question.id not in now.answers:
            assert answer is None or not [one for one in listed(answer) if one != UNKNOWN]
            assert (question in now.unknown) == question.allow_unknown


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(FLOWS, st.data())
def test_any_walk_asks_or_ends_and_loses_nothing(flow: Flow, data: st.DataObject) -> None:
    begin = advance(flow, begun(flow, data.draw(TYPED)), Begin(), AROUND)
    walk = Walk(flow, data.draw, begin, {})
    for _ in range(data.draw(st.integers(1, 12))):
        walk.press()
        check(walk)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(FLOWS, st.data())
def test_from_anywhere_right_answers_lead_to_the_end(flow: Flow, data: st.DataObject) -> None:
    """Never a loop: every page is asked at most twice (again for questions that its answers brought up)."""
    begin = advance(flow, begun(flow), Begin(), AROUND)
    walk = Walk(flow, data.draw, begin, {})
    for _ in range(data.draw(st.integers(0, 6))):
        walk.press()
    result = advance(flow, walk.result.state, Begin(), AROUND)
    for _ in range(4 * len(flow.steps) + 4):
        if not isinstance(result, Ask):
            break
        form = {one.question.id: _mended(one) for one in result.posed if one.question.type != "markdown"}
        result = advance(flow, result.state, Next(result.step.id, form), AROUND)
    assert isinstance(result, Review | Done)
    assert isinstance(advance(flow, result.state, Submit(), AROUND), Done)


def _mended(posed: Posed) -> Answer:
    return right(posed.question, posed.choices)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(FLOWS, st.data())
def test_jump_and_next_returns_to_the_review(flow: Flow, data: st.DataObject) -> None:
    review = _at_the_review(flow)
    if not isinstance(review, Review) or not review.standing.pages:
        return
    page = data.draw(st.sampled_from(review.standing.pages))
    there = advance(flow, review.state, Jump(page.step.id), AROUND)
    assert isinstance(there, Ask)
    assert there.step == page.step
    back = advance(flow, there.state, Next(page.step.id), AROUND)
    assert isinstance(back, Review)
    assert back.standing == review.standing


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(FLOWS, st.data())
def test_the_same_input_twice_is_the_same_as_once(flow: Flow, data: st.DataObject) -> None:
    """A redelivery, a double click: the second time changes nothing."""
    walk = Walk(flow, data.draw, advance(flow, begun(flow), Begin(), AROUND), {})
    for _ in range(data.draw(st.integers(0, 5))):
        walk.press()
    page = advance(flow, walk.result.state, Begin(), AROUND)
    if not isinstance(page, Ask):
        return
    step, on_page = page.step.id, {one.question.id for one in page.posed}
    answers = {id_: answer for id_, answer in walk.answers(step).items() if id_ in on_page}
    given: Input = Back(step, answers) if data.draw(st.booleans()) else Next(step, answers)
    once = advance(flow, page.state, given, AROUND)
    twice = advance(flow, once.state, given, AROUND)
    assert twice.state.answers == once.state.answers
    if isinstance(given, Back) or once.state.step != step:
        assert twice == once


def _at_the_review(flow: Flow) -> Result:
    result = advance(flow, begun(flow), Begin(), AROUND)
    while isinstance(result, Ask):
        form = {one.question.id: _mended(one) for one in result.posed if one.question.type != "markdown"}
        result = advance(flow, result.state, Next(result.step.id, form), AROUND)
    return result


@pytest.mark.parametrize("flow", FILES, ids=lambda flow: f"{flow.id}_{flow.version}")
def test_other_surroundings_never_break_an_old_draft(flow: Flow) -> None:
    """Systems have vanished, analyses say nothing: the draft still asks or ends."""
    review = _at_the_review(flow)
    bare = replace(AROUND, choices=lambda _: (), detected=lambda _: {}, interfaces=lambda _: {})
    assert isinstance(advance(flow, review.state, Begin(), bare), Ask | Review)
