"""What people say about an answer is kept once, told to the right people, and names nobody."""

import asyncio

import pytest
from sqlmodel import col, select

from bot.chat.replies import Close, Errors
from bot.glossary import cards
from bot.glossary.tables import Proposal, Remark, Said
from bot.i18n import say
from tests.db.fixtures import MovableClock
from tests.world import World, buttons, form_of, words


async def remarks(world: World) -> list[Remark]:
    async with world.klartext.database.reading() as session:
        return list((await session.exec(select(Remark).order_by(col(Remark.term), col(Remark.id)))).all())


async def proposals(world: World) -> list[Proposal]:
    async with world.klartext.database.reading() as session:
        return list((await session.exec(select(Proposal).order_by(col(Proposal.id)))).all())


async def test_of_the_marks_of_a_person_the_last_counts(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead"))
    await asyncio.gather(*(world.press("mara", shown["Hilfreich"]) for _ in range(4)))
    assert [row.said for row in await remarks(world)] == [Said.HELPFUL]
    thanks = await world.press("mara", shown["Nicht hilfreich"])
    assert "Danke" in words(thanks)
    await world.press("sven", shown["Hilfreich"])
    assert sorted((row.said, row.department) for row in await remarks(world)) == [
        (Said.HELPFUL, "sales"),
        (Said.NOT_HELPFUL, "marketing"),
    ]
    assert await world.work() == []


async def test_a_comparison_marks_both_terms(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead vs MQL"))
    await world.press("mara", shown["Hilfreich"])
    assert [row.term for row in await remarks(world)] == ["lead", "mql"]


async def test_a_remark_reaches_the_owners_with_the_department_and_without_the_name(world: World) -> None:
    shown = buttons(await world.say("sven", "Lead"))
    form = form_of(await world.press("sven", shown["Bei uns heisst das anders"]))
    done = await world.submit("sven", form, {"text": "  Bei uns nur mit <b>Budget</b>. "})
    assert isinstance(done, Close)
    assert words(done) == "Danke. Wer für «Lead» zuständig ist, bekommt deinen Hinweis."
    (kept,) = await remarks(world)
    assert (kept.term, kept.said, kept.department) == ("lead", Said.DIFFERS, "sales")
    assert kept.text == "Bei uns nur mit <b>Budget</b>."
    told = {post.to: words(post.card) for post in await world.work()}
    assert told == {
        "lena": "“Lead” means something else elsewhere. Remark from Sales: Bei uns nur mit <b>Budget</b>.",
        "sven": "«Lead» heisst anderswo anders. Hinweis aus Vertrieb: Bei uns nur mit <b>Budget</b>.",
    }


async def test_bei_uns_is_where_somebody_works_not_where_they_talk(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead", "#vertrieb", command="define"))
    form = form_of(await world.press("mara", shown["Bei uns heisst das anders"], "#vertrieb"))
    await world.submit("mara", form, {"text": "anders"}, "#vertrieb")
    assert [row.department for row in await remarks(world)] == ["marketing"]
    assert {post.to for post in await world.work()} == {"lena"}


async def test_a_form_that_arrives_twice_counts_once(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead"))
    form = form_of(await world.press("mara", shown["Bei uns heisst das anders"]))
    for _ in range(2):
        await asyncio.gather(
            *(world.submit("mara", form, {"text": "anders"}, key="the same") for _ in range(3))
        )
    assert len(await remarks(world)) == 1
    assert len(await world.work()) == 1
    await world.submit("mara", form, {"text": "noch etwas"})
    assert len(await remarks(world)) == 2


async def test_of_a_comparison_one_says_which_term(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead vs MQL"))
    form = form_of(await world.press("mara", shown["Bei uns heisst das anders"]))
    refused = await world.submit("mara", form, {"term": "prospect", "text": "x"})
    assert isinstance(refused, Errors)
    assert set(refused.sentences) == {"term"}
    await world.submit("mara", form, {"term": "mql", "text": "x"})
    assert [row.term for row in await remarks(world)] == ["mql"]


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "\0"])
async def test_an_empty_remark_is_asked_for_again(world: World, text: str) -> None:
    shown = buttons(await world.say("mara", "Lead"))
    form = form_of(await world.press("mara", shown["Bei uns heisst das anders"]))
    refused = await world.submit("mara", form, {"text": text})
    assert isinstance(refused, Errors)
    assert set(refused.sentences) == {"text"}
    assert await remarks(world) == []


async def test_odd_text_is_kept_as_far_as_a_database_can(world: World) -> None:
    shown = buttons(await world.say("mara", "Lead"))
    form = form_of(await world.press("mara", shown["Bei uns heisst das anders"]))
    await world.submit("mara", form, {"text": "a\0b \ud83d {0} %s 🙂" + "x" * 5_000})
    (kept,) = await remarks(world)
    assert kept.text.startswith("ab  {0} %s 🙂xxx")
    assert len(kept.text) == cards.MOST_TEXT
    (told,) = await world.work()
    assert "{0} %s 🙂" in words(told.card)


async def test_what_is_typed_about_a_term_that_is_gone_stays(world: World) -> None:
    """Mara may not see the margin: for her it is as if it had just left the glossary."""
    shown = buttons(await world.say("sven", "Marge"))
    form = form_of(await world.press("sven", shown["Bei uns heisst das anders"]))
    refused = await world.submit("mara", form, {"text": "x"})
    assert isinstance(refused, Errors)  # what she typed stays
    assert refused.sentences == {"text": say("de", "glossary.remark_gone")}
    assert await remarks(world) == []


async def test_proposals(world: World) -> None:
    shown = buttons(await world.say("mara", "Hilfe"))
    form = form_of(await world.press("mara", shown["Begriff vorschlagen"]))
    empty = await world.submit("mara", form, {"word": " ", "text": "x"})
    assert isinstance(empty, Errors)
    assert set(empty.sentences) == {"word"}
    for _ in range(2):
        await world.submit("mara", form, {"word": " Churn\n Rate ", "text": ""}, key="once")
    (kept,) = await proposals(world)
    assert (kept.word, kept.text, kept.language, kept.department) == ("Churn Rate", "", "de", "marketing")
    assert [post.to for post in await world.work()] == ["lena"]


async def test_whose_department_nobody_knows_is_told_like_that(world: World) -> None:
    shown = buttons(await world.say("nora", "Hilfe"))
    form = form_of(await world.press("nora", shown["Begriff vorschlagen"]))
    await world.submit("nora", form, {"word": "Churn", "text": "?"})
    (told,) = await world.work()
    assert words(told.card) == "Proposal for the glossary from a department: “Churn”. ?"


async def test_marks_know_when(world: World, clock: MovableClock) -> None:
    shown = buttons(await world.say("mara", "Lead"))
    await world.press("mara", shown["Hilfreich"])
    clock.move(60)
    await world.press("mara", shown["Hilfreich"])
    assert [row.created_at for row in await remarks(world)] == [clock.at]
