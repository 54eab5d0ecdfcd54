"""One table of handlers; what goes wrong is told kindly, with an id."""

import logging

import pytest

from bot.chat.events import (
    Asker,
    ButtonPressed,
    FieldChanged,
    FormSubmitted,
    HomeOpened,
    OptionsWanted,
    Place,
    TextReceived,
)
from bot.chat.replies import WHOLE_FORM, Close, Errors, Home, Reply, Results, Silent, Tell
from bot.chat.router import Refused, Router
from bot.chat.ui import Card, Divider, Text
from bot.i18n import say

ASKER = Asker(person=1, name="Anna", language="de")
PLACE = Place("playground", "#marketing")


def _text(text: str) -> TextReceived:
    return TextReceived(ASKER, PLACE, "k", text)


async def _hello(event: TextReceived) -> Reply:
    return Tell(Card("hello", (Text(event.text),)))


async def test_the_first_handler_that_wants_a_text_gets_it() -> None:
    router = Router()
    router.on_text(lambda event: event.text.startswith("a"), _hello)
    router.on_text(lambda event: True, _silent)
    assert await router.handle(_text("a")) == Tell(Card("hello", (Text("a"),)))
    assert await router.handle(_text("b")) == Silent()


async def _silent(event: TextReceived) -> Reply:
    return Silent()


async def test_a_text_that_nobody_wants_gets_silence() -> None:
    assert await Router().handle(_text("x")) == Silent()


async def test_a_button_of_an_older_version_is_told() -> None:
    reply = await Router().handle(ButtonPressed(ASKER, PLACE, "k", "gone"))
    assert isinstance(reply, Tell)
    assert reply.card.summary == say("de", "chat.old_card")


async def test_an_old_card_brings_a_fresh_one() -> None:
    """Whoever presses a button that is gone gets the home of this version with the sentence."""

    async def home(event: HomeOpened) -> Reply:
        return Home(Card("home", (Text(event.asker.name),)))

    router = Router()
    router.on_home(home)
    old = Text(say("de", "chat.old_card"))
    fresh = Card(old.text, (old, Divider(), Text("Anna")))
    assert await router.handle(ButtonPressed(ASKER, PLACE, "k", "gone")) == Tell(fresh)


async def test_a_home_that_breaks_is_told_like_any_failure(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(event: HomeOpened) -> Reply:
        raise ZeroDivisionError

    router = Router()
    router.on_home(broken)
    reply = await router.handle(ButtonPressed(ASKER, PLACE, "k", "gone"))
    assert isinstance(reply, Tell)
    assert reply.card.summary.startswith("Da ist etwas schiefgegangen")


FAILURES = (ZeroDivisionError(), Refused("people.not_allowed"), Refused("chat.old_card"))
ON_FORMS = (
    FormSubmitted(ASKER, PLACE, "k", "f", {}),
    FieldChanged(ASKER, PLACE, "k", "f", "field", {}),
    FormSubmitted(ASKER, PLACE, "k", "gone", {}),
    FieldChanged(ASKER, PLACE, "k", "gone", "field", {}),
)


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
@pytest.mark.parametrize("event", ON_FORMS, ids=lambda event: f"{type(event).__name__}-{event.action}")
async def test_no_failure_closes_a_form(
    failure: Exception, event: FormSubmitted | FieldChanged, caplog: pytest.LogCaptureFixture
) -> None:
    """What somebody has typed would be lost."""

    async def fail(event: object) -> Reply:
        raise failure

    async def home(event: HomeOpened) -> Reply:
        return Home(Card("home", ()))

    router = Router()
    router.on_home(home)
    router.on_form("f", fail)
    router.on_change("f", fail)
    reply = await router.handle(event)
    assert isinstance(reply, Errors)
    assert reply.sentences[WHOLE_FORM]


async def test_an_old_form_is_no_card() -> None:
    reply = await Router().handle(FormSubmitted(ASKER, PLACE, "k", "gone", {}))
    assert reply == Errors({WHOLE_FORM: say("de", "chat.old_form")})


async def test_a_refusal_speaks_the_language_of_the_asker() -> None:
    async def refuse(event: FormSubmitted) -> Reply:
        raise Refused("people.not_allowed")

    router = Router()
    router.on_form("f", refuse)
    reply = await router.handle(FormSubmitted(Asker(1, "Ann", "en"), PLACE, "k", "f", {}))
    assert reply == Errors({WHOLE_FORM: say("en", "people.not_allowed")})


async def test_a_failure_is_told_with_an_id_and_logged_with_its_cause(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(event: TextReceived) -> Reply:
        raise ZeroDivisionError("the cause")

    router = Router()
    router.on_text(lambda event: True, fail)
    with caplog.at_level(logging.ERROR):
        reply = await router.handle(_text("secret words of a person"))
    assert isinstance(reply, Tell)
    number = caplog.records[0].getMessage().split("id=")[1].split()[0]
    assert number in reply.card.summary
    assert "the cause" in caplog.text
    assert "secret words" not in caplog.text


async def test_a_search_that_nobody_serves_is_empty() -> None:
    assert await Router().handle(OptionsWanted(ASKER, PLACE, "k", "a", "x")) == Results(())


def test_two_handlers_for_one_action_are_a_mistake() -> None:
    router = Router()
    router.on_form("f", _form)
    with pytest.raises(ValueError, match="two handlers"):
        router.on_form("f", _form)


async def _form(event: FormSubmitted) -> Reply:
    return Close()
