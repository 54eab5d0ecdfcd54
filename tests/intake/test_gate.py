"""The gate of a flow: none by default, soft asks once, hard wants `min_score`; what is missing is said."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.chat.replies import Close, Update
from bot.db.unit_of_work import Database
from bot.intake import gate
from bot.intake.desk import EARLY
from bot.intake.standing import Standing
from bot.intake.usecase import Readiness
from bot.intake.wording import Wording
from tests.intake.office import FLOWS, GOOD, House, Someone, texts
from tests.intake.small import flow
from tests.intake.test_dialog import to_review

WEAK: dict[str, Any] = {
    "wish": "Leads sollen ankommen",
    "action": "wird gemacht",
    "benefit": "besser",
    "impact": "team",
}


async def gated(database: Database, folder: Path, **changed: str) -> Someone:
    """A marketer before the example flows, with other words in them (`gate="hard"`, `min_score="90"`)."""
    shutil.copytree(FLOWS, folder, dirs_exist_ok=True)
    file = folder / "marketing_request.yaml"
    text = file.read_text("utf-8")
    for key, value in changed.items():
        before, _, after = text.partition(f" {key}: ")
        text = f"{before} {key}: {value}\n{after.partition(chr(10))[2]}"
    file.write_text(text, "utf-8")
    return (await House(database, folder).open()).person("mara")


async def weak_review(mara: Someone) -> None:
    """The last page, with the least that pages take; the coach may hold a page once."""
    await mara.says(WEAK["wish"], command="request")
    while mara.form and mara.form.action != "request.review":
        await mara.fills(**{key: WEAK[key] for key in mara.asked if key in WEAK})


def head(mara: Someone) -> str:
    """What the review says at its top."""
    assert mara.form is not None
    return repr(mara.form.elements[0])


CRITERIA = [{"id": "need", "points": 100, "label": {"de": "Bedarf"}, "answered": ["q1"]}]
HARD = Wording(
    flow([{"id": "q1"}], review={"readiness": {"gate": "hard", "min_score": 40, "criteria": CRITERIA}}),
    "de",
)
NOTHING = Standing((), {}, {}, (), {})
MISSING = "Auslöser, Aktion: wer macht was."


async def test_without_a_gate_an_idea_is_sent(database: Database, tmp_path: Path) -> None:
    mara = await gated(database, tmp_path)
    await weak_review(mara)
    assert "Abschicken geht ab" not in repr(mara.form)
    assert isinstance(await mara.fills(), Close)


async def test_a_soft_gate_asks_once_and_takes_no_for_an_answer(database: Database, tmp_path: Path) -> None:
    mara = await gated(database, tmp_path, gate="soft")
    await weak_review(mara)
    assert isinstance(await mara.fills(), Update)
    assert f"Das würde der IT noch helfen: {MISSING}" in head(mara)
    assert await mara.house.requests() == []
    assert isinstance(await mara.fills(), Close)
    assert len(await mara.house.requests()) == 1


async def test_what_a_soft_gate_has_asked_is_not_asked_again_after_a_pause(
    database: Database, tmp_path: Path
) -> None:
    mara = await gated(database, tmp_path, gate="soft")
    await weak_review(mara)
    await mara.fills()
    await mara.fills("Entwurf speichern")
    await mara.presses("Weitermachen")
    assert isinstance(await mara.fills(), Close)
    assert len(await mara.house.requests()) == 1


async def test_a_hard_gate_says_what_is_missing_and_opens_when_it_is_there(
    database: Database, tmp_path: Path
) -> None:
    mara = await gated(database, tmp_path, gate="hard")
    await weak_review(mara)
    assert "Abschicken geht ab 40." in repr(mara.form)
    before = mara.form
    for form in (before, mara.form, None):  # an old window, sent twice: it stays shut
        assert isinstance(await mara.fills(form=form), Update)
        assert await mara.house.requests() == []
    assert f"Das fehlt noch, dann geht es an die IT: {MISSING}" in head(mara)
    await mara.fills("Früh mit IT sprechen")
    assert len(await mara.house.jobs(EARLY)) == 1
    await mara.fills("Ändern: Use Case")
    await mara.fills(**{key: GOOD[key] for key in ("trigger", "action")})
    assert "Abschicken geht ab" not in repr(mara.form)
    assert isinstance(await mara.fills(), Close)
    assert len(await mara.house.requests()) == 1


async def test_without_a_review_the_gate_shows_it(database: Database, tmp_path: Path) -> None:
    mara = await gated(database, tmp_path, gate="soft", preview="false")
    await weak_review(mara)
    assert "Das würde der IT noch helfen" in head(mara)
    assert await mara.house.requests() == []
    assert isinstance(await mara.fills(), Close)


async def test_a_change_of_what_was_sent_passes(database: Database, tmp_path: Path) -> None:
    mara = await gated(database, tmp_path, gate="hard")
    await to_review(mara)
    await mara.fills()
    await mara.says("REQ-1", command="request")
    await mara.presses("Ändern")
    await mara.fills("Ändern: Use Case")
    while mara.form and mara.form.action != "request.review":
        await mara.fills(trigger="", goal="", action="x", benefit="y")
    assert "Abschicken geht ab" not in repr(mara.form)
    await mara.fills()
    assert "geändert" in texts(mara.card)


async def test_who_joins_another_request_passes(database: Database, tmp_path: Path) -> None:
    mara = await gated(database, tmp_path, gate="hard")
    await to_review(mara)
    await mara.fills()
    sven = mara.house.person("sven")
    await sven.says(str(GOOD["wish"]), command="request")
    while sven.form and sven.form.action != "request.review":
        await sven.fills(**{key: WEAK[key] for key in sven.asked if key in WEAK and key != "wish"})
    assert isinstance(await sven.fills(), Update)
    await sven.fills(the__same="1")
    assert "Du bist jetzt bei REQ-1 dabei" in texts(sven.card)


def test_points_that_only_clearer_words_can_bring() -> None:
    found = Readiness(score=30, band="idea")
    said = gate.question(HARD, NOTHING, found, asked=True)
    assert "fehlt noch, dann geht es an die IT: klarere Sätze" in said


@pytest.mark.parametrize("score", [40, 41, 100])
def test_at_the_least_score_the_gate_is_open(score: int) -> None:
    found = Readiness(score=score, band="discuss", open=("need",))
    assert gate.question(HARD, NOTHING, found, asked=False) == ""


def test_what_nobody_is_asked_for_is_not_missing() -> None:
    found = Readiness(score=0, band="idea", open=("need",))
    assert "Bedarf" not in gate.question(HARD, NOTHING, found, asked=False)
    answered = Standing((), {"q1": "HubSpot"}, {}, (), {})
    assert "Bedarf" in gate.question(HARD, answered, found, asked=False)


def test_without_a_score_there_is_no_gate() -> None:
    assert gate.question(HARD, NOTHING, None, asked=False) == ""
