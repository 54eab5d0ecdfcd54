"""Hints on a page: numbered from top to bottom, one refused without the other, and what haste is worth."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.ui import Text
from tests.intake.office import GOOD, House, Someone

TWO_TIPS = {"action": "Daten werden schnell übertragen", "goal": "Mehr Leads", "trigger": GOOD["trigger"]}


def tips_of(someone: Someone) -> tuple[list[str], list[str]]:
    """The hints of the open page from top to bottom, and the buttons that refuse them."""
    assert someone.form is not None
    said = [one.text for one in someone.form.elements if isinstance(one, Text)]
    buttons = [one.label for one in someone.form.buttons if one.label.startswith("Tipp")]
    return [one for one in said if one.startswith("💡")], buttons


async def to_tips(someone: Someone, **answers: Any) -> list[str]:
    """The page of the use case, held once by the coach."""
    await someone.says(str(GOOD["wish"]), command="request")
    await someone.fills()
    await someone.fills(**answers)
    return tips_of(someone)[0]


async def test_hints_are_numbered_down_the_page(mara: Someone) -> None:
    tips = await to_tips(mara, **TWO_TIPS, benefit=GOOD["benefit"])
    assert [one.partition(":")[0] for one in tips] == ["💡 Tipp 1", "💡 Tipp 2"]
    assert "Zahl" in tips[1]  # the most important one, and it stands further down


@pytest.mark.parametrize(("label", "left"), [("Tipp 1 passt nicht", 1), ("Tipp 2 passt nicht", 0)])
async def test_of_two_hints_only_the_refused_one_is_gone(mara: Someone, label: str, left: int) -> None:
    tips = await to_tips(mara, **TWO_TIPS, benefit=GOOD["benefit"])
    await mara.fills(label)
    sentence = tips[left].partition(": ")[2]
    assert tips_of(mara) == ([f"💡 {sentence}"], ["Tipp passt nicht"])
    await mara.fills("Tipp passt nicht")
    assert tips_of(mara) == ([], [])


async def test_the_same_hint_to_another_answer_stays(mara: Someone) -> None:
    vague = {
        **GOOD,
        "action": "legt das CRM schnell eine Aufgabe an",
        "benefit": "Es ist für uns besser so",
    }
    await to_tips(mara, **{key: vague[key] for key in ("trigger", "action", "goal", "benefit")})
    await mara.fills("Tipp 1 passt nicht")
    assert [("besser" in one, "schnell" in one) for one in tips_of(mara)[0]] == [(True, False)]


async def test_hints_stay_while_somebody_calls_the_team_or_another_answer_changes(mara: Someone) -> None:
    tips = await to_tips(mara, **TWO_TIPS, benefit=GOOD["benefit"])
    await mara.fills("Früh mit IT sprechen")
    assert tips_of(mara)[0] == tips
    await mara.changes("trigger", trigger="Sobald die Messe endet")
    assert tips_of(mara)[0] == tips


@pytest.mark.parametrize("names", ["", "goal.nope nope.passive", "goal", "x " * 500, "benefit.vague_word"])
async def test_hints_that_a_client_makes_up_are_not_said(mara: Someone, names: str) -> None:
    await to_tips(mara, **TWO_TIPS, benefit=GOOD["benefit"])
    assert mara.form is not None
    lying = replace(mara.form, state={**mara.form.state, "tips": names})
    await mara.fills("Früh mit IT sprechen", form=lying)
    assert tips_of(mara)[0] == []


@pytest.mark.parametrize(
    ("reason", "urgency"),
    [
        ("asap", "date"),
        ("So schnell wie möglich!", "date"),
        ("as soon as possible", "date"),
        ("Messe OMR, dringend!", "date_with_reason"),
        ("Der neue Shop geht online", "date_with_reason"),
        ("Vertragsende, bitte asap", "obligation"),
    ],
)
async def test_haste_alone_is_no_reason_for_a_date(
    house: House, mara: Someone, reason: str, urgency: str
) -> None:
    given = {**GOOD, "impact": "team", "deadline": "2099-03-01", "deadline_reason": reason}
    await mara.says(str(GOOD["wish"]), command="request")
    while mara.form:
        await mara.fills(**{key: given[key] for key in mara.asked if key in given})
    (request,) = await house.requests()
    assert request.use_case["deadline"]["reason"] == reason
    assert request.use_case["priority"]["urgency"] == urgency
