"""Turns what Slack sends into an event, hands it to the router, and lets a surface give the reply back.

Each function answers one kind of request with the body of its acknowledgement. Commands, clicks and forms
are answered at once. What was written (a mention, a direct message) is acknowledged when its reply is in
the outbox: the question itself is never stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from slack_bolt.response import BoltResponse

from bot.channels.slack import answers, reading
from bot.channels.slack.background import Background
from bot.channels.slack.forms import options, question_of
from bot.channels.slack.home import SEARCH, publish
from bot.channels.slack.installation import Identity
from bot.channels.slack.limits import MANY_OPTIONS
from bot.channels.slack.reading import Origin
from bot.channels.slack.render import CARD, MENU, action_of, menu_choice, said
from bot.channels.slack.sheet import Sheet
from bot.channels.slack.surfaces import (
    NOTHING,
    Ack,
    Changed,
    Command,
    Later,
    Post,
    Pressed,
    Sent,
    Surface,
    Tools,
    Window,
    apply,
)
from bot.chat.events import (
    Answers,
    AnyEvent,
    Asker,
    ButtonPressed,
    FieldChanged,
    FormClosed,
    FormSubmitted,
    HomeOpened,
    MessageChosen,
    OptionsWanted,
    TextReceived,
)
from bot.chat.ports import Context, Once
from bot.chat.replies import WHOLE_FORM, Errors, Home, Reply, Results, Silent, Tell
from bot.chat.router import Router
from bot.chat.ui import Card, Text
from bot.i18n import LANGUAGES, say
from bot.text.clean import shown, visible

Body = dict[str, Any]
MakeSurface = Callable[[str], Surface]
MakeEvent = Callable[[Asker], AnyEvent]

_JSON: dict[str, str | Sequence[str]] = {"content-type": "application/json;charset=utf-8"}
_WRITTEN = frozenset({"app_mention", "message"})
_TYPED = 200  # characters of what somebody types into a search field


class Known(Protocol):
    """Says whose bot we are."""

    async def identity(self) -> Identity:
        """Raises what stops us from knowing."""
        ...


@dataclass(frozen=True, slots=True)
class Listener:
    """The listeners of bolt. `strangers`: people of other companies in shared channels are answered."""

    router: Router
    context: Context
    once: Once
    tools: Tools
    installation: Known
    background: Background
    strangers: bool = False

    async def command(self, body: Body) -> BoltResponse:
        """A slash command."""
        origin = reading.command(body)
        name = str(body["command"]).lstrip("/").casefold()
        text = reading.unescaped(str(body.get("text", "")))

        def event(asker: Asker) -> TextReceived:
            return TextReceived(asker, origin.place, origin.key, text, command=name)

        return await self._serve(origin, partial(Command, self.tools, origin), event)

    async def action(self, body: Body) -> BoltResponse:
        """A click, or an answer in an open form."""
        origin, view, pressed = reading.interaction(body), body.get("view"), body["actions"][0]
        if view is None:
            root = origin.place.thread or (body.get("container") or {}).get("message_ts")
            surface: MakeSurface = partial(Post, self.tools, origin, root=root)
            return await self._press(body, origin, surface)
        if view.get("type") == "home":
            return await self._press_at_home(body, origin)
        if view.get("callback_id") == CARD:
            return await self._press(body, origin, partial(Window, self.tools, origin, pressed=view))
        if pressed.get("type") in {"button", "overflow"}:
            return await self._press_in_form(origin, view, _pressed(pressed)[0])
        return await self._change(origin, view, question_of(str(pressed["block_id"])))

    async def submit(self, body: Body) -> BoltResponse:
        """A form was sent."""
        origin, view = reading.interaction(body), body["view"]
        given = answers.read(view)
        surface, event = partial(Sent, self.tools, origin, form=view), _submitted(origin, view, given)

        def wrong(language: str) -> Reply | None:
            sentences = answers.complaints(view, given, language)
            return Errors(sentences) if sentences else None

        answer = await self._serve(origin, surface, event, check=wrong, once=True)
        self._refresh_home(origin)
        return answer

    async def options(self, body: Body) -> BoltResponse:
        """What fits to what somebody types into a search field."""
        origin = reading.interaction(body)
        field, typed = question_of(str(body["block_id"])), visible(str(body.get("value", ""))[:_TYPED])
        asker = await self.context(origin.account, origin.place, origin.name)
        reply = await self.router.handle(OptionsWanted(asker, origin.place, origin.key, field, typed))
        found = options(reply.options)[:MANY_OPTIONS] if isinstance(reply, Results) else []
        return _ok({"options": found})

    async def shortcut(self, body: Body) -> BoltResponse:
        """A message of anyone was chosen, or Klartext from the search."""
        origin, name = reading.interaction(body), str(body["callback_id"])
        if body["type"] == "message_action":
            said = body.get("message") or {}
            text = reading.spoken(str(said.get("text", "")))
            root = origin.place.thread or str(body.get("message_ts", "")) or None

            def chosen(asker: Asker) -> MessageChosen:
                where = reading.message(body)
                return MessageChosen(asker, origin.place, origin.key, name, text, where)

            post = partial(Post, self.tools, origin, own=False, root=root)
            return await self._serve(origin, post, chosen)

        def called(asker: Asker) -> TextReceived:
            return TextReceived(asker, origin.place, origin.key, "", command=name)

        return await self._serve(origin, partial(Window, self.tools, origin), called)

    async def closed(self, body: Body) -> BoltResponse:
        """A form was closed without being sent."""
        origin, view = reading.interaction(body), body["view"]
        sheet = origin.sheet
        if view.get("callback_id") == CARD or sheet is None:
            return _ok(NOTHING)

        def event(asker: Asker) -> FormClosed:
            return FormClosed(asker, origin.place, origin.key, str(view["callback_id"]), sheet.state)

        surface = partial(Later, self.tools, origin, root=origin.place.thread)
        return await self._serve(origin, surface, event)

    async def event(self, body: Body) -> BoltResponse:
        """Something happened. Raises if it was not dealt with: then Slack sends it again."""
        kind = body["event"].get("type")
        if kind in _WRITTEN:
            await self._hear(body)
        elif kind == "app_home_opened" and body["event"].get("tab") == "home":
            await self._show_home(reading.home(body), body["event"].get("view"))
        return _ok(NOTHING)

    async def _hear(self, body: Body) -> None:
        known = await self.installation.identity()
        heard = reading.heard(body, known.bot_user)
        if heard is None or self._is_stranger(known, heard.origin):
            return
        origin = heard.origin
        asker = await self.context(origin.account, origin.place)
        event = TextReceived(
            asker,
            origin.place,
            f"slack:{origin.key}",
            heard.text,
            heard.addressed,
            beside=heard.beside,
        )
        reply = await self.router.handle(event)
        await apply(reply, Later(self.tools, origin, asker.language, heard.root))

    async def _show_home(self, origin: Origin, shown: Mapping[str, Any] | None) -> None:
        asker = await self.context(origin.account, origin.place, origin.name)
        reply = await self.router.handle(HomeOpened(asker, origin.place, origin.key))
        if isinstance(reply, Home):
            drawn = publish(self.tools.web, origin.account.id, reply.card, asker.language, shown)
            self.background.run(drawn)

    def _refresh_home(self, origin: Origin) -> None:
        """A form that was opened on the Home tab may have changed what stands there."""
        if origin.sheet is not None and origin.sheet.at_home:
            self.background.run(self._show_home(origin, None))

    async def _press(self, body: Body, origin: Origin, surface: MakeSurface) -> BoltResponse:
        action, value = _pressed(body["actions"][0])

        def event(asker: Asker) -> ButtonPressed:
            return ButtonPressed(asker, origin.place, origin.key, action, value, reading.message(body))

        return await self._serve(origin, surface, event, once=True)

    async def _press_at_home(self, body: Body, origin: Origin) -> BoltResponse:
        pressed = body["actions"][0]
        surface = partial(Window, self.tools, origin)
        if pressed.get("block_id") != SEARCH:
            return await self._press(body, origin, surface)
        asked = str(pressed.get("value") or "")

        def event(asker: Asker) -> TextReceived:
            return TextReceived(asker, origin.place, origin.key, asked, command="ask")

        return await self._serve(origin, surface, event)

    async def _press_in_form(self, origin: Origin, view: Body, action: str) -> BoltResponse:
        event = _submitted(origin, view, answers.read(view), action)
        return await self._serve(origin, partial(Pressed, self.tools, origin, form=view), event, once=True)

    async def _change(self, origin: Origin, view: Body, changed: str) -> BoltResponse:
        sheet = origin.sheet
        if sheet is None:
            return _ok(NOTHING)

        def event(asker: Asker) -> FieldChanged:
            return FieldChanged(
                asker,
                origin.place,
                origin.key,
                str(view["callback_id"]),
                changed,
                answers.read(view),
                sheet.state,
                sheet.revision,
            )

        return await self._serve(origin, partial(Changed, self.tools, origin, form=view), event)

    async def _serve(
        self,
        origin: Origin,
        surface: MakeSurface,
        event: MakeEvent,
        *,
        check: Callable[[str], Reply | None] | None = None,
        once: bool = False,
    ) -> BoltResponse:
        """What to acknowledge with. `check` may answer before the router; `once`: a replay does nothing."""
        language = LANGUAGES[0]
        try:
            if self._is_stranger(await self.installation.identity(), origin):
                return _ok(await surface(language).tell(_sentence(said(None, "slack.stranger")), "private"))
            if once and not await self.once.first(f"slack:{origin.trigger or origin.key}"):
                return _ok(NOTHING)
            asker = await self.context(origin.account, origin.place, origin.name)
            language = asker.language
            reply = (check and check(language)) or await self._reply(event(asker))
            return _ok(await apply(reply, surface(language)))
        except Exception as error:  # whatever it is, somebody waits for a word, and a form stays open
            sentence = self.router.sorry(error, language, "Slack")
            return _ok(await surface(language).complain({WHOLE_FORM: sentence}))

    async def _reply(self, event: AnyEvent) -> Reply:
        reply = await self.router.handle(event)
        match reply, event:
            case Silent(), TextReceived(command=str(name)):
                return Tell(_sentence(say(event.asker.language, "slack.unknown_command", name=shown(name))))
            case _:
                return reply

    def _is_stranger(self, known: Identity, origin: Origin) -> bool:
        return not self.strangers and not known.knows(origin.team, origin.enterprise)


def _submitted(origin: Origin, view: Body, given: Answers, button: str | None = None) -> MakeEvent:
    """The same page of the same window is one event, however often it is sent."""
    sheet = origin.sheet or Sheet(origin.place)

    def event(asker: Asker) -> FormSubmitted:
        key = f"slack:{view.get('id')}:{sheet.drawn}"
        action = str(view.get("callback_id", ""))
        return FormSubmitted(asker, origin.place, key, action, given, sheet.state, sheet.revision, button)

    return event


def _pressed(pressed: Body) -> tuple[str, str]:
    """The action and the value of a button, or of a choice in a menu."""
    if pressed.get("action_id") == MENU:
        return menu_choice(str((pressed.get("selected_option") or {}).get("value", "")))
    return action_of(str(pressed["action_id"])), str(pressed.get("value") or "")


def _sentence(text: str) -> Card:
    return Card(text, (Text(text),))


def _ok(body: Ack) -> BoltResponse:
    is_json = isinstance(body, dict) or body.startswith("{")
    return BoltResponse(status=200, body=body, headers=_JSON if is_json else {})
