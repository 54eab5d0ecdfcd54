"""The look-up as people meet it: what they type and press, and what they get."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.chat.events import HomeOpened, MessageChosen, OptionsWanted, TermSearched
from bot.chat.replies import Close, Errors, Home, Results, Silent, Tell, Update
from bot.chat.ui import Button
from bot.glossary import cards
from bot.glossary.handlers import EXPLAIN
from bot.glossary.tables import LookUp
from tests.db.fixtures import MovableClock
from tests.world import World, buttons, card_of, direct, form_of, words


async def looked_up(world: World) -> list[LookUp]:
    await world.klartext.lookups.flush()
    async with world.klartext.database.reading() as session:
        return list((await session.exec(select(LookUp).order_by(col(LookUp.id)))).all())


async def test_each_department_gets_its_own_answer_first(world: World) -> None:
    mara, sven = [await world.say(name, "was heisst Lead bei uns?") for name in ("mara", "sven")]
    assert isinstance(mara, Tell)
    assert mara.to == "private"
    assert "Person mit Budget." not in words(mara).split("Gemeinsam vereinbart")[0]
    assert words(sven).index("Person mit Budget.") < words(sven).index("Person mit Interesse.")
    assert "Bei euch (Vertrieb)" in words(sven)


async def test_a_place_of_a_department_counts_more_than_the_person(world: World) -> None:
    answer = await world.say("mara", "lead", "#vertrieb", command="define")
    assert "Bei euch (Vertrieb)" in words(answer)


async def test_the_language_of_the_question_is_answered_until_one_is_chosen(world: World) -> None:
    assert "Agreed definition" in words(await world.say("mara", "what is a lead?"))
    assert "Gemeinsam vereinbart" in words(await world.say("lena", "was ist ein Lead?"))


async def test_buttons_keep_the_language_of_their_card(world: World) -> None:
    answer = await world.say("mara", "what is a lead?")
    more = await world.press("mara", buttons(answer)["More"])
    assert "Consent is given" in words(more)
    assert "Less" in buttons(more)


async def test_more_and_less(world: World) -> None:
    answer = await world.say("mara", "Lead")
    assert "Einwilligung liegt vor" not in words(answer)
    more = await world.press("mara", buttons(answer)["Mehr"])
    assert isinstance(more, Update)
    assert "Einwilligung liegt vor" in words(more)
    less = await world.press("mara", buttons(more)["Weniger"])
    assert isinstance(less, Update)
    assert less.shown == card_of(answer)
    assert len(await looked_up(world)) == 1


async def test_what_was_asked_for_comes_first_also_after_more_and_less(world: World) -> None:
    answer = await world.say("mara", "ab wann zählt ein Lead?")
    lines = words(answer).splitlines()
    assert lines.index("Einwilligung liegt vor") < lines.index("Gemeinsam vereinbart")
    more = await world.press("mara", buttons(answer)["Mehr"])
    assert words(await world.press("mara", buttons(more)["Weniger"])) == words(answer)


async def test_comparing(world: World) -> None:
    answer = await world.say("mara", "Lead")
    compared = await world.press("mara", buttons(answer)["Vergleichen mit Interessent"])
    assert isinstance(compared, Update)
    assert "Unterschied: Lead / Interessent" in words(compared)
    assert "Ein Interessent ist anonym." in words(compared)
    assert not [name for name in buttons(compared) if name.startswith("Vergleichen")]


async def test_a_misspelt_word_is_suggested_and_then_answered(world: World) -> None:
    unclear = await world.say("mara", "was heisst Interessen?")
    picks = {name: button for name, button in buttons(unclear).items() if button.action == cards.SHOW}
    assert "Interessent" in picks
    answer = await world.press("mara", picks["Interessent"])
    assert isinstance(answer, Update)
    assert "Noch ohne Kontaktdaten." in words(answer)
    assert [row.outcome for row in await looked_up(world)] == ["suggest", "answer"]


async def test_an_unknown_word_can_be_proposed(world: World) -> None:
    unknown = await world.say("mara", "was ist ein Quuxel?")
    assert "steht nicht in unserem Glossar" in words(unknown)
    form = form_of(await world.press("mara", buttons(unknown)["Begriff vorschlagen"]))
    assert form.action == cards.PROPOSE
    done = await world.submit("mara", form, {"word": "Quuxel", "text": "Ein Ding."})
    assert isinstance(done, Close)
    assert "Quuxel" in words(done)
    (told,) = await world.work()
    assert told.to == "lena"
    assert words(told.card) == "Proposal for the glossary from Marketing: “Quuxel”. Ein Ding."


async def test_in_a_channel_a_question_to_klartext_is_answered_in_its_thread(world: World) -> None:
    answer = await world.say("mara", "was heisst Lead?", "#marketing")
    assert isinstance(answer, Tell)
    assert answer.to == "thread"
    assert "Dem Kanal zeigen" not in buttons(answer)


async def test_a_command_in_a_channel_is_answered_to_the_asker_alone(world: World) -> None:
    answer = await world.say("mara", "Lead", "#marketing", command="define")
    assert isinstance(answer, Tell)
    assert answer.to == "private"
    assert "Dem Kanal zeigen" in buttons(answer)


async def test_overheard_klartext_speaks_only_when_it_is_sure_and_to_one_alone(world: World) -> None:
    assert await world.say("mara", "bis morgen!", "#marketing", addressed=False) == Silent()
    assert await world.say("mara", "was ist ein Quuxel?", "#marketing", addressed=False) == Silent()
    answer = await world.say("mara", "Was heisst Lead bei uns?", "#marketing", addressed=False)
    assert isinstance(answer, Tell)
    assert answer.to == "private"


async def test_chatter_to_klartext_gets_a_hint(world: World) -> None:
    assert "«Was heisst Lead bei uns?»" in words(await world.say("mara", "danke dir, schönes Wochenende!"))


async def test_a_bare_word_behind_ask_is_looked_up(world: World) -> None:
    answer = words(await world.say("mara", "warm quatsch", "#marketing", command="ask"))
    assert "«warm quatsch»" in answer


async def test_buttons_of_a_card_that_others_see_answer_beside_it(world: World) -> None:
    public = await world.say("mara", "was heisst Lead?", "#marketing")
    for name in ("Mehr", "Vergleichen mit MQL"):
        pressed = await world.press("sven", buttons(public)[name], "#marketing")
        assert isinstance(pressed, Tell), name
        assert pressed.to == "private"


async def test_suggestions_that_others_see_are_answered_beside_them(world: World) -> None:
    public = await world.say("mara", "was heisst Interessen?", "#it")
    assert isinstance(public, Tell)
    assert public.to == "thread"
    picks = [button for button in buttons(public).values() if button.action == cards.SHOW]
    assert picks
    assert isinstance(await world.press("sven", picks[0], "#it"), Tell)


async def test_sharing(world: World, clock: MovableClock) -> None:
    answer = await world.say("mara", "Lead", "#marketing", command="define")
    share = buttons(answer)["Dem Kanal zeigen"]
    shared, again = await asyncio.gather(
        world.press("mara", share, "#marketing"), world.press("mara", share, "#marketing")
    )
    told = [reply for reply in (shared, again) if isinstance(reply, Tell)]
    assert len(told) == 1
    assert Silent() in (shared, again)
    assert told[0].to == "public"
    assert words(told[0]).splitlines()[0] == "Geteilt von Mara"
    assert "Dem Kanal zeigen" not in buttons(told[0])
    clock.move(61)
    assert isinstance(await world.press("mara", share, "#marketing"), Tell)


async def test_a_term_for_one_department_is_hidden_from_the_others(world: World) -> None:
    assert "Was übrig bleibt." in words(await world.say("sven", "Marge"))
    answer = await world.say("mara", "Marge")
    assert "Was übrig bleibt." not in words(answer)
    assert "Marge" not in buttons(answer)


async def test_a_term_for_one_department_is_answered_in_its_own_channel_only(world: World) -> None:
    inside = await world.say("sven", "was heisst Marge?", "#vertrieb")
    elsewhere = await world.say("sven", "was heisst Marge?", "#allgemein")
    assert [reply.to for reply in (inside, elsewhere) if isinstance(reply, Tell)] == ["thread", "private"]
    assert "Was übrig bleibt." in words(elsewhere)


async def test_what_others_see_names_nothing_that_is_not_for_them(world: World) -> None:
    """Sven sees that leads are related to the margin; in a channel of all that is not said."""
    private = await world.say("sven", "Lead", "#allgemein", command="define")
    assert "Vergleichen mit Marge" not in buttons(await world.say("mara", "Lead"))
    public = await world.say("sven", "was heisst Lead?", "#allgemein")
    shared = await world.press("sven", buttons(private)["Dem Kanal zeigen"], "#allgemein")
    listed = await world.say("sven", "list", "#allgemein")
    for reply in (public, shared):
        assert "Marge" not in words(reply)
    assert isinstance(listed, Tell)
    assert listed.to == "private"


async def test_what_is_not_for_all_is_not_shared(world: World) -> None:
    answer = await world.say("sven", "Marge", "#allgemein", command="define")
    refused = await world.press("sven", buttons(answer)["Dem Kanal zeigen"], "#allgemein")
    assert isinstance(refused, Tell)
    assert refused.to == "private"
    assert "nicht für alle" in words(refused)
    shared = await world.press("sven", buttons(answer)["Dem Kanal zeigen"], "#vertrieb")
    assert isinstance(shared, Tell)
    assert shared.to == "public"


FORGED = (
    "",
    " ",
    "define",
    "define de - - margin",
    "compare de - - margin margin",
    "define de - - nothing",
    "delete de - - lead",
    "define de - lead",
    "define-beside",
    "define de - - " + "lead " * 9,
    "define de - - <script>",
    "\u202edefine de - - x",
)
MARKED = (cards.HELPFUL, cards.NOT_HELPFUL, cards.DIFFERS)


@pytest.mark.parametrize("action", [cards.SHOW, cards.MORE, cards.LESS, cards.SHARE, *MARKED])
async def test_forged_and_old_buttons_are_refused_in_a_sentence(world: World, action: str) -> None:
    """Mara may not see the margin, whatever her client sends."""
    for value in FORGED:
        reply = await world.press("mara", Button("x", action, value), "#marketing")
        assert isinstance(reply, Tell)
        assert words(reply).startswith("Diese Karte ist alt")


async def test_a_forged_value_shows_nothing_but_what_the_asker_may_see(world: World) -> None:
    shown = await world.press("mara", Button("x", cards.SHOW, "compare xx nonsense nowhere lead margin"))
    assert "Person mit Interesse." in words(shown)
    assert "Marge" not in words(shown)


async def test_a_button_that_nobody_serves_is_old(world: World) -> None:
    assert words(await world.press("mara", Button("x", "glossary.gone"))).startswith("Diese Karte ist alt")


async def test_the_first_answer_asks_for_the_department_once(world: World) -> None:
    first = await world.say("nora", "Lead")
    assert "In welcher Abteilung arbeitest du?" in words(first)
    assert "In welcher Abteilung" not in words(await world.say("nora", "Lead"))
    chosen = await world.press("nora", buttons(first)["Vertrieb"])
    assert isinstance(chosen, Update)
    assert "Bei euch (Vertrieb)" in words(chosen)
    assert "In welcher Abteilung" not in words(chosen)
    assert (await world.asker("nora")).home == "sales"


async def test_two_first_questions_at_once_ask_once(world: World) -> None:
    await world.asker("nora")
    answers = await asyncio.gather(*(world.say("nora", "Lead") for _ in range(4)))
    assert sum("In welcher Abteilung" in words(answer) for answer in answers) == 1


async def test_in_a_channel_the_department_is_asked_for_where_nobody_else_sees_it(world: World) -> None:
    answer = await world.say("nora", "was heisst Lead?", "#allgemein")
    assert "In welcher Abteilung" not in words(answer)
    (aside,) = await world.work()
    assert (aside.place, aside.to) == ("#allgemein", "nora")
    chosen = await world.press("nora", buttons(aside.card)["Vertrieb"], "#allgemein")
    assert "Bei euch (Vertrieb)" in words(chosen)
    await world.say("nora", "was heisst Lead?", "#allgemein")
    assert await world.work() == []


async def test_the_department_of_an_answer_that_names_no_term_is_noted(world: World) -> None:
    first = await world.say("nora", "was ist ein Quuxel?")
    chosen = await world.press("nora", buttons(first)["Marketing"])
    assert words(chosen) == "Gemerkt: Marketing."


async def test_a_forged_department_is_refused(world: World) -> None:
    for value in ("", "nowhere define de - - lead", "sales'; DROP TABLE person"):
        refused = await world.press("nora", Button("x", cards.DEPARTMENT, value))
        assert words(refused).startswith("Diese Karte ist alt")
    assert (await world.asker("nora")).home is None


async def test_a_chosen_department_does_not_open_what_the_button_names(world: World) -> None:
    chosen = await world.press("nora", Button("x", cards.DEPARTMENT, "it define de - - margin"))
    assert words(chosen) == "Gemerkt: IT."


async def test_help_list_popular_and_home(world: World) -> None:
    help_ = await world.say("mara", "Hilfe")
    assert "/request" in words(help_)
    listed = await world.press("mara", buttons(help_)["Alle Begriffe"])
    assert "3 Begriffe" in words(listed)
    assert "Marge" not in words(listed)
    assert "Noch hat niemand" in words(await world.say("mara", "meistgefragt"))
    for text in ("MQL", "MQL", "Lead"):
        await world.say("mara", text)
    await world.say("sven", "Marge")
    await world.klartext.lookups.flush()
    popular = await world.press("mara", buttons(help_)["Meistgefragt"])
    lines = words(popular).splitlines()
    assert lines[1].startswith("MQL:")
    assert lines[2].startswith("Lead:")
    assert "Marge" not in words(popular)
    assert "Marge" in words(await world.say("sven", "top"))
    home = await world.handle(HomeOpened(await world.asker("mara"), direct("mara"), "k"))
    assert isinstance(home, Home)
    assert "In Diskussion\n[MQL]" in words(home)
    assert "Hier fehlt noch die Zustimmung deiner Abteilung\n[MQL]\n[Interessent]" in words(home)
    assert words(await world.say("mara", "start")) == words(home)


async def test_a_page_stays_when_something_on_it_is_opened(world: World) -> None:
    home = await world.say("mara", "start")
    assert isinstance(await world.press("mara", buttons(home)["MQL"]), Tell)


async def test_long_ago_is_not_popular(world: World, clock: MovableClock) -> None:
    await world.say("mara", "MQL")
    await world.klartext.lookups.flush()
    clock.at += timedelta(days=91)
    assert "Noch hat niemand" in words(await world.say("mara", "meistgefragt"))


async def test_commands(world: World) -> None:
    assert "Ich erkläre" in words(await world.say("mara", "", command="define"))
    assert "Ich erkläre" in words(await world.say("mara", "", command="klartext"))
    assert "Unterschied: Lead / MQL" in words(await world.say("mara", "Lead vs MQL", command="define"))
    assert "Unterschied: Lead / MQL" in words(await world.say("mara", "define Lead vs MQL"))
    assert await world.say("mara", "x", command="deploy") == Silent()


async def test_asking_in_a_form(world: World) -> None:
    form = form_of(await world.say("mara", " ", command="ask"))
    empty = await world.submit("mara", form, {"question": " "})
    assert isinstance(empty, Errors)
    assert set(empty.sentences) == {"question"}
    answer = await world.submit("mara", form, {"question": "was heisst Lead?"}, "#marketing")
    assert isinstance(answer, Close)
    assert "Person mit Interesse." in words(answer)


async def test_the_terms_of_a_message(world: World) -> None:
    message = MessageChosen(
        await world.asker("sven"), direct("sven"), "k", EXPLAIN, "Der MQL wird zum Lead, die Marge sinkt"
    )
    shown = await world.handle(message)
    lines = words(shown).splitlines()
    assert lines[1] == "Lead (wird verschieden verstanden): Person mit Budget."
    assert {"MQL: Lead mit Punkten.", "Marge: Was übrig bleibt."} <= set(lines)
    for_mara = await world.handle(replace(message, asker=await world.asker("mara")))
    assert "Marge" not in words(for_mara)
    nothing = await world.handle(replace(message, text="Guten Morgen " * 20_000))
    assert "kein Begriff" in words(nothing)


async def test_searching_for_a_term(world: World) -> None:
    asker = await world.asker("mara")
    found = await world.handle(TermSearched(asker, direct("mara"), "k", "le"))
    assert isinstance(found, Results)
    assert [option.label for option in found.options] == ["Lead"]
    for typed in ("Marge", "x" * 5_000, "<b>"):
        assert await world.handle(TermSearched(asker, direct("mara"), "k", typed)) == Results(())
    all_ = await world.handle(OptionsWanted(asker, direct("mara"), "k", cards.ASK, ""))
    assert isinstance(all_, Results)
    assert [option.value for option in all_.options] == ["prospect", "lead", "mql"]


async def test_hostile_text_is_answered_literally(world: World) -> None:
    for text in ("<script>alert(1)</script>", "<!channel>", "{0} %s", "\ud800", "a\0b", "x" * 40_000):
        for command in (None, "define"):
            reply = await world.say("mara", text, command=command)
            assert isinstance(reply, Tell)
            assert "schiefgegangen" not in words(reply)
    await world.klartext.lookups.flush()


async def test_a_look_up_needs_no_database(world: World) -> None:
    await world.say("mara", "Lead")
    await world.klartext.lookups.flush()
    await world.klartext.database.close()
    world.klartext.database.unit = world.klartext.database.reading = _away  # type: ignore[method-assign, assignment]
    assert "Person mit Interesse." in words(await world.say("mara", "Lead"))
    stranger = await world.say("otto", "Lead")
    assert "Person mit Interesse." in words(stranger)
    assert "In welcher Abteilung" not in words(stranger)
    assert "Klartext\n" in words(await world.say("mara", "start"))
    marked = await world.press("mara", Button("x", cards.HELPFUL, "define de - - lead"))
    assert "kommt gerade nicht an seine Datenbank" in words(marked)


def _away(*_: object) -> object:
    from bot.db.failures import DatabaseUnavailable, Reason  # noqa: PLC0415

    raise DatabaseUnavailable(Reason.UNREACHABLE)


async def test_a_first_question_is_answered_while_the_database_cannot_be_written(world: World) -> None:
    await world.asker("nora")
    world.klartext.database.unit = _away  # type: ignore[method-assign, assignment]
    answer = await world.say("nora", "Lead")
    assert "Person mit Interesse." in words(answer)
    assert "In welcher Abteilung" not in words(answer)
