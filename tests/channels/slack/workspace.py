"""People in a workspace: what they type and press becomes requests, made from recorded ones."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.app import Klartext
from bot.channels.slack.app import Slack
from bot.channels.slack.forms import question_of
from bot.channels.slack.render import texts
from tests.channels.slack.fake import BOT_USER, MARA, MARKETING, TEAM, FakeSlack, Message
from tests.channels.slack.wire import Answer, Wire
from tests.conftest import DATA

PAYLOADS = DATA / "payloads" / "slack"
Blocks = list[dict[str, Any]]


def recorded(name: str) -> dict[str, Any]:
    """A recorded request."""
    payload: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return payload


def seen(blocks: Blocks) -> str:
    """What a person reads in these blocks."""
    return "\n".join(text for text in texts(blocks) if text != "\n")


def labels(blocks: Blocks) -> list[str]:
    """The buttons that one sees."""
    return [element["text"]["text"] for element in _elements(blocks) if element["type"] == "button"]


@dataclass(slots=True)
class Workspace:
    """Klartext, a Slack around it, and a wire between them."""

    klartext: Klartext
    slack: FakeSlack
    channel: Slack
    wire: Wire
    _numbers: Any = field(default_factory=lambda: count(1))

    async def jobs(self) -> int:
        """Do what is due; how many jobs that were."""
        return await self.klartext.worker.run_due()

    async def slash(self, text: str, *, user: str = MARA, place: str = MARKETING, **changes: Any) -> Answer:
        """A slash command; `/define` unless told otherwise."""
        payload = recorded("slash_define_en") | {
            "text": text,
            "user_id": user,
            "channel_id": place,
            "channel_name": "directmessage" if place.startswith("D") else "somewhere",
            "team_id": TEAM,
            "trigger_id": self.slack.trigger(user),
            "response_url": self.slack.reply_url(),
        }
        return await self.wire.send("form", payload | changes)

    async def mention(self, text: str, *, user: str = MARA, place: str = MARKETING, **event: Any) -> Answer:
        """A post that mentions Klartext."""
        payload = self.event("mention_twin", text=f"<@{BOT_USER}> {text}", user=user, channel=place)
        payload["event"] |= event
        return await self.wire.send("json", payload)

    async def direct(self, text: str, *, user: str = MARA, **event: Any) -> Answer:
        """A direct message."""
        payload = self.event("message_dm_first", text=text, user=user, channel=f"D{user[1:]}")
        payload["event"] |= event
        return await self.wire.send("json", payload)

    def event(self, name: str, **event: Any) -> dict[str, Any]:
        """A recorded event of this workspace, with an id and a time of its own."""
        payload, number = recorded(name), next(self._numbers)
        payload |= {"team_id": self.slack.team, "event_id": f"Ev{number}"}
        payload["authorizations"] = [
            {"enterprise_id": None, "team_id": self.slack.team, "user_id": BOT_USER, "is_bot": True}
        ]
        payload["event"] |= {"ts": f"1700000000.{number:06}", "team": self.slack.team, **event}
        return payload

    async def open_home(self, user: str = MARA) -> Answer:
        """Somebody opens the Home tab."""
        payload = recorded("app_home_opened_home") | {
            "team_id": TEAM,
            "event_id": f"Ev{next(self._numbers)}",
        }
        payload["event"] |= {"user": user}
        if user in self.slack.homes:
            payload["event"]["view"] = self.slack.homes[user]
        answer = await self.wire.send("json", payload)
        await self.settle()
        return answer

    async def reinstall(self, **changes: Any) -> None:
        """From now on Slack says something else about the bot, and we know that we have to ask again."""
        await self.wire.send("json", self.event("tokens_revoked", tokens={"oauth": [], "bot": []}))
        for name, value in changes.items():
            setattr(self.slack, name, value)

    async def settle(self) -> None:
        """Wait for what goes on in the background."""
        await self.channel.background.finish(5)

    async def shortcut(
        self, callback: str, text: str | None = None, *, user: str = MARA, **changes: Any
    ) -> Answer:
        """A shortcut: on a message with this text, or from the search."""
        payload = recorded("shortcut_global" if text is None else "shortcut_message")
        payload |= self._from(user) | {"callback_id": callback, "trigger_id": self.slack.trigger(user)}
        if text is not None:
            payload["message"] |= {"text": text}
            payload |= {
                "channel": {"id": MARKETING, "name": "marketing"},
                "response_url": self.slack.reply_url(),
            }
        return await self.wire.send("payload", payload | changes)

    async def press(
        self, blocks: Blocks, label: str, *, user: str = MARA, place: str = MARKETING, **changes: Any
    ) -> Answer:
        """A button of an answer that only this person sees."""
        payload = recorded("actions_button_ephemeral") | self._from(user)
        payload |= {
            "channel": {"id": place, "name": "somewhere"},
            "container": {
                "type": "message",
                "message_ts": "1.1",
                "channel_id": place,
                "is_ephemeral": True,
            },
            "trigger_id": self.slack.trigger(user),
            "response_url": self.slack.reply_url(),
            "actions": [_pressed(blocks, label)],
        }
        return await self.wire.send("payload", payload | changes)

    async def press_post(self, message: Message, label: str, *, user: str = MARA, **changes: Any) -> Answer:
        """A button of a message that everybody sees."""
        payload = recorded("actions_button_message")
        thread = message.body.get("thread_ts")
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        container |= {"thread_ts": thread} if thread else {}
        return await self.press(
            message.blocks,
            label,
            user=user,
            place=message.channel,
            container=container,
            message=payload["message"] | {"ts": message.ts},
            **changes,
        )

    async def press_home(self, label: str, *, user: str = MARA) -> Answer:
        """A button of the Home tab."""
        view = self.slack.homes[user]
        return await self._act(user, view, _pressed(view["blocks"], label))

    async def search_home(self, typed: str, *, user: str = MARA) -> Answer:
        """Something is typed into the field of the Home tab."""
        view = self.slack.homes[user]
        field_ = view["blocks"][0]
        action = {"type": "plain_text_input", "block_id": field_["block_id"], "value": typed}
        return await self._act(user, view, {**action, "action_id": field_["element"]["action_id"]})

    async def press_modal(
        self, label: str, given: Mapping[str, Any] | None = None, *, user: str = MARA
    ) -> Answer:
        """A button of the modal on top; `given` was typed before."""
        view = self._filled(user, given or {})
        return await self._act(user, view, _pressed(view["blocks"], label))

    async def change(self, question: str, given: Mapping[str, Any], *, user: str = MARA) -> Answer:
        """An answer in the modal on top, to a question that is told at once."""
        view = self._filled(user, given)
        block = next(b for b in view["blocks"] if question_of(b.get("block_id", "")) == question)
        element = block["element"]
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        return await self._act(user, view, action)

    async def submit(self, given: Mapping[str, Any], *, user: str = MARA, **changes: Any) -> Answer:
        """The modal on top is sent; Slack does what the answer says."""
        view = self.slack.top(user)
        payload = recorded("view_submission") | self._from(user)
        payload |= {"view": self._filled(user, given), "trigger_id": self.slack.trigger(user)}
        answer = await self.wire.send("payload", payload | changes)
        if answer.status != 200:
            return answer
        action = answer.body.get("response_action", "") if isinstance(answer.body, dict) else ""
        if action == "update":
            self.slack.change(view, answer.body["view"])
        elif action == "":
            self.slack.windows[user].remove(view)
        await self.settle()
        return answer

    async def close(self, *, user: str = MARA) -> Answer:
        """The modal on top is closed."""
        payload = recorded("view_closed") | self._from(user) | {"view": self._filled(user, {})}
        self.slack.windows[user].pop()
        return await self.wire.send("payload", payload)

    async def _act(self, user: str, view: dict[str, Any], action: dict[str, Any]) -> Answer:
        payload = recorded("actions_home_button") | self._from(user)
        payload |= {"view": view, "trigger_id": self.slack.trigger(user), "actions": [action]}
        answer = await self.wire.send("payload", payload)
        await self.settle()
        return answer

    def _from(self, user: str) -> dict[str, Any]:
        who = {"id": user, "username": "alice", "name": "alice", "team_id": TEAM}
        return {"user": who, "team": {"id": TEAM, "domain": "acme-test"}, "enterprise": None}

    def _filled(self, user: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The view on top with what stands in it: what was given, else what stood there from the start."""
        view = copy.deepcopy(self.slack.top(user).payload())
        values = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element, question = block["element"], question_of(block["block_id"])
                value = given.get(question, _initial(element))
                values[block["block_id"]] = {element["action_id"]: _state(element, value)}
        view["state"] = {"values": values}
        return view


def _state(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """An answer as Slack writes it down for this kind of element."""
    kind = element["type"]
    match kind:
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return {"type": kind, "selected_options": [{"value": one} for one in value or ()]}
        case "radio_buttons" | "static_select" | "external_select":
            return {"type": kind, "selected_option": {"value": value} if value else None}
        case "multi_users_select":
            return {"type": kind, "selected_users": list(value or ())}
        case "users_select":
            return {"type": kind, "selected_user": value}
        case "datepicker":
            return {"type": kind, "selected_date": value}
        case _:
            return {"type": kind, "value": value}


def _initial(element: dict[str, Any]) -> Any:
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    names = ("initial_value", "initial_date", "initial_user", "initial_users")
    return next((element[name] for name in names if name in element), None)


def _elements(blocks: Blocks) -> list[dict[str, Any]]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def _pressed(blocks: Blocks, label: str) -> dict[str, Any]:
    """The button with this label as Slack sends it, also if it stands in a menu."""
    for element in _elements(blocks):
        action = {
            "action_id": element["action_id"],
            "block_id": "x",
            "type": element["type"],
            "action_ts": "1",
        }
        if element["type"] == "button" and element["text"]["text"] == label:
            return action | ({"value": element["value"]} if "value" in element else {})
        for option in element.get("options", ()):
            if option["text"]["text"] == label:
                return action | {"selected_option": option}
    raise AssertionError(f"no button {label!r} among {labels(blocks)}")
