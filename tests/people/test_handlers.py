"""Settings, names of places, and who may give them."""

import asyncio

import pytest

from bot.chat.replies import Close, Errors, Tell
from bot.chat.ui import ChoiceInput
from bot.people.access import ALLOWED, Action, require
from bot.people.places import bind, bound
from tests.world import CHANNEL, World, buttons, form_of, where, words


async def test_settings_are_shown_and_changed(world: World) -> None:
    card = await world.say("mara", "Einstellungen", "#marketing")
    assert isinstance(card, Tell)
    assert card.to == "private"
    assert "Name: Mara\nSprache: Deutsch\nAbteilung: Marketing" in words(card)
    form = form_of(await world.press("mara", buttons(card)["Ändern"]))
    language, department = (element for element in form.elements if isinstance(element, ChoiceInput))
    assert (language.initial, department.initial) == (("de",), ("marketing",))
    assert [option.value for option in department.options] == ["it", "marketing", "sales"]
    done = await world.submit("mara", form, {"language": "en", "department": "sales"})
    assert isinstance(done, Close)
    assert words(done).startswith("Saved.")
    assert "Department: Sales" in words(done)
    answer = words(await world.say("mara", "was ist ein Lead?"))
    assert "For you (Sales)" in answer or "Person with budget." in answer


async def test_a_department_can_be_taken_back(world: World) -> None:
    form = form_of(await world.press("mara", buttons(await world.say("mara", "settings"))["Ändern"]))
    await world.submit("mara", form, {"language": "de"})
    assert (await world.asker("mara")).home is None


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, "language"),
        ({"language": "fr"}, "language"),
        ({"language": "de", "department": "nowhere"}, "department"),
        ({"language": "de", "department": ("sales", "it")}, "department"),
        ({"language": ("de",)}, "language"),
    ],
)
async def test_a_forged_choice_is_refused_at_its_question(
    world: World, answers: dict[str, str], wrong: str
) -> None:
    form = form_of(await world.press("mara", buttons(await world.say("mara", "Einstellungen"))["Ändern"]))
    refused = await world.submit("mara", form, answers)
    assert isinstance(refused, Errors)
    assert set(refused.sentences) == {wrong}
    assert (await world.asker("mara")).home == "marketing"


async def bound_place(world: World, name: str) -> str | None:
    async with world.klartext.database.reading() as session:
        place = await bound(session, name)
    return place.id if place else None


async def test_an_admin_names_a_place_inside_it(world: World) -> None:
    for room in ("#queue", "#elsewhere"):
        said = await world.say("ines", " /bind  #IT-Anfragen ", room)
        assert words(said) == "Dieser Kanal heisst für Klartext jetzt #IT-Anfragen."
        assert await bound_place(world, "#it-anfragen") == room
        assert await bound_place(world, "#IT-Anfragen") == room  # as a flow file may write it
    async with world.klartext.database.reading() as session:
        place = await bound(session, "#it-anfragen")
    assert place == where("ines", "#elsewhere")


async def test_who_is_no_admin_names_nothing(world: World) -> None:
    assert "Das darf nur" in words(await world.say("mara", "bind #it-anfragen", "#queue"))
    assert await bound_place(world, "#it-anfragen") is None


@pytest.mark.parametrize("text", ["bind", "bind it-anfragen", "bind #", "bind #" + "x" * 80])
async def test_a_name_begins_with_a_sharp(world: World, text: str) -> None:
    assert "bind #it-anfragen" in words(await world.say("ines", text, "#queue"))


async def test_a_direct_message_has_no_name(world: World) -> None:
    assert "nur in einem Kanal" in words(await world.say("ines", "bind #it-anfragen"))


async def test_overheard_nobody_binds(world: World) -> None:
    await world.say("ines", "bind #it-anfragen", "#queue", addressed=False)
    assert await bound_place(world, "#it-anfragen") is None


async def test_of_two_who_bind_at_once_one_wins(world: World) -> None:
    async def one(room: str) -> None:
        async with world.klartext.database.unit() as unit:
            await bind(unit, "#queue", where("ines", room))
            await unit.commit()

    await asyncio.gather(*(one(f"#room-{number}") for number in range(5)))
    assert (await bound_place(world, "#queue") or "").startswith("#room-")


async def test_every_action_has_somebody_who_may(world: World) -> None:
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())
    require(await world.asker("ines"), Action.BIND_PLACE)


async def test_a_first_contact_is_looked_up_once(world: World) -> None:
    assert (await world.asker("stranger")).home is None
    await world.klartext.worker.run_due()
    assert world.channel.asked_for == ["stranger"]
    assert (await world.asker("stranger")).name == "stranger"


async def test_a_profile_names_a_department_as_the_vendor_writes_it(world: World) -> None:
    assert (await world.asker("sven")).home == "sales"  # "Vertrieb"
    assert CHANNEL in world.klartext.directory.fetches
