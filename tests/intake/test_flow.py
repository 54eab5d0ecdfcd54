"""The flow engine, page by page."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.intake.flow import (
    Ask,
    Back,
    Begin,
    Change,
    Discard,
    Discarded,
    Done,
    Jump,
    Next,
    Result,
    Review,
    Save,
    Saved,
    Submit,
    advance,
    live,
)
from bot.intake.model import Choice, Flow
from bot.intake.standing import standing
from bot.intake.state import (
    State,
    StateUnreadable,
    Surroundings,
    begun,
    dumped,
    loaded,
    moved,
)
from tests.intake.examples import TODAY, answers, around, cases, draft, intake
from tests.intake.small import flow

AROUND = Surroundings(TODAY, "person:7")
WISHING = replace(
    AROUND,
    detected=lambda texts: {
        "detected.tool_wish": "HubSpot" in texts[0],
        "detected.suggested_requirement": "Kontakte qualifizieren" if "HubSpot" in texts[0] else None,
    },
)


def asked(result: Result) -> Ask:
    """The page that is asked."""
    assert isinstance(result, Ask), result
    return result


def shown(result: Result) -> list[str]:
    """The questions of the page that is asked."""
    return [posed.question.id for posed in asked(result).posed]


def walk(of: Flow, *inputs: Any, around: Surroundings = AROUND, typed: str = "") -> Result:
    """The last result of several inputs, from a new draft."""
    result = advance(of, begun(of, typed), Begin(), around)
    for one in inputs:
        result = advance(of, result.state, one, around)
    return result


TWO = flow([{"id": "q1", "required": True}], [{"id": "q2"}])


def test_it_begins_with_the_first_page_and_counts() -> None:
    page = asked(walk(TWO))
    assert (page.step.id, page.number, page.total, page.returning) == ("s1", 1, 2, False)
    assert page.problems == {}


def test_next_leads_to_the_review_and_submit_sends() -> None:
    review = walk(TWO, Next("s1", {"q1": " a "}), Next("s2", {}))
    assert isinstance(review, Review)
    assert review.standing.answers == {"q1": "a"}
    done = advance(TWO, review.state, Submit(), AROUND)
    assert isinstance(done, Done)
    assert done.standing == review.standing


def test_a_page_that_is_not_right_is_asked_again_as_it_was_typed() -> None:
    page = asked(walk(TWO, Next("s1", {"q1": "   "})))
    assert page.step.id == "s1"
    assert page.problems["q1"].key == "required"


def test_back_keeps_what_was_typed_and_checks_nothing() -> None:
    page = asked(walk(TWO, Next("s1", {"q1": "a"}), Back("s2", {"q2": "b"})))
    assert page.step.id == "s1"
    assert page.posed[0].answer == "a"
    again = asked(advance(TWO, page.state, Next("s1", {"q1": "a"}), AROUND))
    assert again.posed[0].answer == "b"


def test_back_on_the_first_page_stays_and_from_the_review_goes_to_the_last() -> None:
    assert asked(walk(TWO, Back("s1", {"q1": "x"}))).posed[0].answer == "x"
    review = walk(TWO, Next("s1", {"q1": "a"}), Next("s2"))
    assert asked(advance(TWO, review.state, Back(None), AROUND)).step.id == "s2"


def test_what_the_form_leaves_out_stays_and_what_is_emptied_goes() -> None:
    state = walk(TWO, Next("s1", {"q1": "a"}), Next("s2", {"q2": "b"})).state
    assert advance(TWO, state, Next("s2", {}), AROUND).state.answers["q2"] == "b"
    emptied = advance(TWO, state, Next("s2", {"q2": ""}), AROUND)
    assert isinstance(emptied, Review)
    assert "q2" not in emptied.standing.answers


def test_jump_from_the_review_and_next_leads_back() -> None:
    review = walk(TWO, Next("s1", {"q1": "a"}), Next("s2"))
    page = asked(advance(TWO, review.state, Jump("s1"), AROUND))
    assert page.returning
    assert isinstance(advance(TWO, page.state, Next("s1", {"q1": "c"}), AROUND), Review)


def test_jump_ahead_of_the_review_or_to_nowhere_shows_where_one_is() -> None:
    assert asked(walk(TWO, Jump("s2"))).step.id == "s1"
    assert asked(walk(TWO, Jump("nowhere"))).step.id == "s1"


def test_a_change_shows_what_depends_on_it_without_checking() -> None:
    dependent = flow(
        [{"id": "q1", "type": "dropdown", "options": ["a", "b"]}, {"id": "q2", "show_if": {"q1": "b"}}]
    )
    assert shown(walk(dependent)) == ["q1"]
    page = walk(dependent, Change("s1", {"q1": "b"}))
    assert shown(page) == ["q1", "q2"]
    assert asked(page).problems == {}
    assert live(dependent.steps[0]) == {"q1"}


def test_a_question_that_could_not_appear_at_once_is_asked_before_going_on() -> None:
    dependent = flow(
        [
            {"id": "q1", "type": "dropdown", "options": ["a", "b"]},
            {"id": "q2", "show_if": {"q1": "b"}, "required": True},
        ]
    )
    page = walk(dependent, Next("s1", {"q1": "b"}))
    assert shown(page) == ["q1", "q2"]
    assert asked(page).problems == {}  # nobody is blamed for a question that they have not seen
    assert asked(advance(dependent, page.state, Next("s1", {"q1": "b"}), AROUND)).problems["q2"]
    assert isinstance(advance(dependent, page.state, Next("s1", {"q2": "x"}), AROUND), Review)


HIDING = flow(
    [{"id": "q1", "type": "dropdown", "options": ["a", "b"]}],
    [{"id": "q2", "show_if": {"q1": "b"}}, {"id": "q3", "show_if": {"q2": {"answered": True}}}],
    [{"id": "q4"}],
)


def test_hidden_answers_are_kept_in_the_draft_and_not_sent_in_cascade() -> None:
    review = walk(
        HIDING,
        Next("s1", {"q1": "b"}),
        Next("s2", {"q2": "x"}),
        Next("s2", {"q3": "y"}),
        Next("s3"),
        Jump("s1"),
        Next("s1", {"q1": "a"}),
    )
    assert isinstance(review, Review)
    assert review.standing.answers == {"q1": "a"}
    assert review.state.answers["q3"] == "y"
    back = advance(HIDING, review.state, Jump("s1"), AROUND)
    again = advance(HIDING, back.state, Next("s1", {"q1": "b"}), AROUND)
    assert isinstance(again, Review)
    assert again.standing.answers == {"q1": "b", "q2": "x", "q3": "y"}


def test_a_page_that_appears_after_the_review_is_asked_first() -> None:
    page = walk(HIDING, Next("s1", {"q1": "a"}), Next("s3"), Jump("s1"), Next("s1", {"q1": "b"}))
    assert asked(page).step.id == "s2"
    assert asked(page).problems == {}
    assert isinstance(advance(HIDING, page.state, Next("s2", {}), AROUND), Review)


def test_an_old_page_again_leads_to_the_same_place() -> None:
    first = walk(TWO, Next("s1", {"q1": "a"}))
    assert advance(TWO, first.state, Next("s1", {"q1": "a"}), AROUND) == first


def test_pages_in_the_wrong_order_end_at_the_one_that_is_missing() -> None:
    page = asked(walk(TWO, Next("s2", {"q2": "b"})))
    assert page.step.id == "s1"
    assert page.problems == {}
    assert asked(walk(TWO, Submit())).problems["q1"].key == "required"


def test_answers_to_questions_of_other_pages_or_of_no_page_are_ignored() -> None:
    assert walk(TWO, Next("s1", {"q1": "a", "q2": "b", "q9": "c"})).state.answers == {"q1": "a"}
    assert asked(walk(TWO, Next("nowhere", {"q1": "a"}))).state.answers == {}


def test_save_keeps_what_was_typed_and_discard_says_so() -> None:
    saved = walk(TWO, Next("s1", {"q1": "a"}), Save("s2", {"q2": "half a sen"}))
    assert isinstance(saved, Saved)
    assert asked(advance(TWO, saved.state, Begin(), AROUND)).posed[0].answer == "half a sen"
    assert isinstance(walk(TWO, Discard()), Discarded)


def test_without_a_review_the_last_page_sends() -> None:
    short = flow([{"id": "q1", "required": True}], preview=False)
    assert isinstance(walk(short, Next("s1", {"q1": "a"})), Done)
    assert isinstance(walk(flow([{"id": "q1"}], preview=False), Back("s1")), Ask)


def test_what_is_not_known_yet_is_an_open_question() -> None:
    of = flow(
        [
            {"id": "q1", "required": True, "allow_unknown": True},
            {"id": "q2", "type": "dropdown", "options": ["a"], "allow_unknown": True},
            {"id": "q3"},
        ]
    )
    review = walk(of, Next("s1", {"q1": "", "q2": "__unknown__"}))
    assert isinstance(review, Review)
    assert [question.id for question in review.standing.unknown] == ["q1", "q2"]
    assert review.standing.answers == {}


def test_what_was_typed_behind_the_command_is_the_first_answer() -> None:
    of = flow([{"id": "q1", "type": "textarea", "prefill": "command_text"}])
    assert asked(walk(of, typed="Wir brauchen HubSpot")).posed[0].answer == "Wir brauchen HubSpot"


SUGGESTING = flow(
    [{"id": "wish", "prefill": "command_text", "maps_to": "original_wish"}],
    [
        {
            "id": "need",
            "show_if": {"detected.tool_wish": True},
            "required": True,
            "prefill": "detected.suggested_requirement",
            "fallback": "wish",
        },
        {"id": "who", "type": "user", "required": True, "default": "requester"},
    ],
)


def test_a_suggestion_counts_once_its_page_was_sent() -> None:
    page = walk(SUGGESTING, Next("s1"), typed="Wir brauchen HubSpot", around=WISHING)
    assert [posed.answer for posed in asked(page).posed] == ["Kontakte qualifizieren", "person:7"]
    assert asked(page).standing.answers == {"wish": "Wir brauchen HubSpot"}
    review = advance(
        SUGGESTING, page.state, Next("s2", {"need": "Kontakte qualifizieren", "who": "person:7"}), WISHING
    )
    assert isinstance(review, Review)
    assert review.standing.answers["need"] == "Kontakte qualifizieren"
    assert review.standing.answers["who"] == "person:7"


def test_what_depends_on_a_suggestion_is_shown_beside_it() -> None:
    of = flow(
        [
            {"id": "q1", "type": "dropdown", "options": ["a", "b"], "default": "a"},
            {"id": "q2", "show_if": {"q1": "a"}, "required": True},
        ],
        [{"id": "q3"}],
    )
    page = walk(of)
    assert shown(page) == ["q1", "q2"]
    assert asked(page).standing.answers == {}
    assert asked(walk(of, Next("s1", {"q1": "a"}))).problems["q2"].key == "required"
    assert shown(walk(of, Change("s1", {"q1": "b"}))) == ["q1"]
    assert shown(walk(of, Next("s1", {"q2": "x"}))) == ["q3"]


def test_a_suggestion_can_be_emptied_and_then_stays_empty() -> None:
    page = walk(SUGGESTING, Next("s1"), typed="HubSpot", around=WISHING)
    again = asked(advance(SUGGESTING, page.state, Next("s2", {"need": ""}), WISHING))
    assert again.problems["need"].key == "required"
    assert again.posed[0].answer == ""


def test_an_untouched_suggestion_follows_the_wish_and_ones_own_words_stay() -> None:
    other = replace(
        WISHING,
        detected=lambda _: {"detected.tool_wish": True, "detected.suggested_requirement": "Bilder finden"},
    )
    page = walk(SUGGESTING, Next("s1"), typed="HubSpot", around=WISHING)
    untouched = advance(SUGGESTING, page.state, Next("s2"), WISHING).state
    assert standing(SUGGESTING, untouched, other).answers["need"] == "Bilder finden"
    own = advance(SUGGESTING, page.state, Next("s2", {"need": "Meine Worte"}), WISHING).state
    assert standing(SUGGESTING, own, other).answers["need"] == "Meine Worte"


def test_a_hidden_question_falls_back_to_another_answer() -> None:
    page = walk(SUGGESTING, Next("s1"), typed="Weniger Handarbeit", around=WISHING)
    assert shown(page) == ["who"]
    assert asked(page).standing.answers["need"] == "Weniger Handarbeit"


def test_what_somebody_settled_wins_over_the_analysis() -> None:
    state = begun(SUGGESTING, "Weniger Handarbeit", {"detected.tool_wish": True})
    page = advance(SUGGESTING, state, Next("s1"), WISHING)
    assert shown(page) == ["need", "who"]


def test_a_fact_about_the_same_page_makes_its_question_live() -> None:
    step = intake().flows["marketing_request"].step("systems")
    assert step
    assert live(step) == {"systems", "data_class"}


def test_an_option_that_has_vanished_is_told_and_no_longer_chosen() -> None:
    of = flow([{"id": "q1", "type": "multiselect", "options_from": "landscape.systems"}], [{"id": "q2"}])
    with_it = replace(
        AROUND, choices=lambda _: (Choice("crm", {"de": "CRM"}), Choice("cms", {"de": "CMS"}))
    )
    review = walk(of, Next("s1", {"q1": ("crm", "cms")}), Next("s2"), around=with_it)
    without = replace(AROUND, choices=lambda _: (Choice("cms", {"de": "CMS"}),))
    page = asked(advance(of, review.state, Submit(), without))
    assert page.problems["q1"].key == "vanished_option"
    assert page.posed[0].chosen == ("cms",)


def test_a_field_for_days_shows_days_only() -> None:
    of = flow([{"id": "q1", "type": "date"}])
    assert asked(walk(of, Change("s1", {"q1": "3.5.2027"}))).posed[0].answer == "2027-05-03"
    page = asked(walk(of, Next("s1", {"q1": "bald"})))
    assert page.posed[0].answer is None
    assert page.problems["q1"].key == "date"
    assert page.state.answers == {"q1": "bald"}


def test_a_day_that_has_passed_since_is_told() -> None:
    of = flow([{"id": "q1", "type": "date", "min": "today"}])
    review = walk(of, Next("s1", {"q1": "2026-11-21"}))
    later = replace(AROUND, today=dt.date(2026, 12, 1))
    assert asked(advance(of, review.state, Begin(), later)).problems["q1"].key == "date_past"


def test_something_else_is_typed_in_a_field_of_its_own() -> None:
    of = flow([{"id": "q1", "type": "dropdown", "options": ["a"], "allow_other": True}])
    review = walk(of, Next("s1", {"q1": "other", "q1-other": "Etwas Eigenes"}))
    assert isinstance(review, Review)
    assert review.standing.answers == {"q1": "other:Etwas Eigenes"}
    page = asked(advance(of, review.state, Jump("s1"), AROUND)).posed[0]
    assert (page.chosen, page.own) == ((), "Etwas Eigenes")


def test_a_draft_moves_to_a_new_version_by_question() -> None:
    new = flow(
        [{"id": "q0", "required": True}],
        [{"id": "q2", "type": "multiselect", "options": ["b"]}, {"id": "q1"}],
        version=2,
    )
    state = walk(TWO, Next("s1", {"q1": "a"}), Next("s2", {"q2": "b"})).state
    there = moved(state, TWO, new)
    assert (there.version, there.step, there.answers) == (2, None, {"q1": "a", "q2": ("b",)})
    page = asked(advance(new, there, Begin(), AROUND))
    assert (page.step.id, page.problems) == ("s1", {})
    assert isinstance(advance(new, page.state, Next("s1", {"q0": "x"}), AROUND), Review)


def test_a_draft_goes_on_where_its_questions_have_moved_to() -> None:
    new = flow([{"id": "q0"}], [{"id": "q9"}], [{"id": "q2"}], version=2)
    other = new.model_copy(
        update={"steps": [step.model_copy(update={"id": f"n{step.id}"}) for step in new.steps]}
    )
    at_second = walk(TWO, Next("s1", {"q1": "a"})).state
    assert moved(at_second, TWO, other).step == "ns3"
    assert moved(replace(at_second, step="gone"), TWO, other).step == "ns1"


def test_a_state_survives_being_kept() -> None:
    state = begun(SUGGESTING, "HubSpot", {"detected.tool_wish": True, "glossary.known": ("lead",)})
    page = advance(SUGGESTING, state, Next("s1"), WISHING)
    assert loaded(dumped(page.state)) == page.state
    with pytest.raises(StateUnreadable):
        loaded('{"flow": 3}')


@pytest.mark.parametrize("name", cases())
def test_the_examples_show_their_steps(name: str) -> None:
    case = cases()[name]
    now = standing(intake().flows[case["flow"]], draft(case), around(case))
    assert [page.step.id for page in now.pages] == case["expect"]["steps"]


@pytest.mark.parametrize("name", ["worked_de", "worked_en", "data_request_de"])
def test_the_examples_can_be_sent(name: str) -> None:
    """Page by page, as a form sends it; the answer to a hidden question is dropped."""
    case = cases()[name]
    of = intake().flows[case["flow"]]
    given = answers(case)
    result: Result = advance(of, begun(of), Begin(), around(case))
    while isinstance(result, Ask):
        form = {id_: given[id_] for id_ in shown(result) if id_ in given}
        result = advance(of, result.state, Next(result.step.id, form), around(case))
        assert not (isinstance(result, Ask) and result.problems), result
    assert isinstance(result, Review)
    assert isinstance(advance(of, result.state, Submit(), around(case)), Done)
    assert "fit_gap" not in result.standing.answers


def test_a_state_names_no_flow_but_its_own() -> None:
    assert State("small", 1, "s1") == begun(TWO)
