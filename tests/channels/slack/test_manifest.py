"""The manifest of the Slack app: right by Slack's own schema, and exactly what the code needs."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from bot.app import Klartext
from bot.channels.slack.app import PATH
from bot.channels.slack.calls import (
    COMMANDS,
    EVENTS,
    FIELDS,
    METHODS,
    OPTIONAL,
    REQUIRED,
    SCOPES,
    SOCKET_METHOD,
)
from bot.chat.events import Asker, TextReceived
from bot.config import load_settings
from bot.i18n import sentences
from tests.channels.slack import fake
from tests.conftest import DATA, ROOT

CODE = ROOT / "bot" / "channels" / "slack"
METHOD = re.compile(r"[a-z]+(\.[a-zA-Z]+)+")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """As Slack reads it."""
    data: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy" / "slack-manifest.yaml")
    return data


def test_slacks_own_schema_takes_it(manifest: dict[str, Any]) -> None:
    text = (DATA / "schemas" / "manifest.schema.1.0.0.json").read_text("utf-8")
    schema = Draft7Validator(json.loads(text))
    assert [f"{error.json_path}: {error.message}" for error in schema.iter_errors(manifest)] == []
    broken = {**manifest, "display_information": {"name": "K" * 36}}
    assert len(list(schema.iter_errors(broken))) == 1


def test_what_the_schema_does_not_know_is_within_slacks_limits(manifest: dict[str, Any]) -> None:
    shown, features = manifest["display_information"], manifest["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4_000
    assert all(len(command["command"]) <= 32 for command in features["slash_commands"])
    assert all(len(s["name"]) <= 24 and len(s["description"]) <= 150 for s in features["shortcuts"])


def test_everything_comes_to_our_one_address(manifest: dict[str, Any]) -> None:
    commands = [command["url"] for command in manifest["features"]["slash_commands"]]
    settings = manifest["settings"]
    interactive = settings["interactivity"]
    urls = {
        *commands,
        settings["event_subscriptions"]["request_url"],
        interactive["request_url"],
        interactive["message_menu_options_url"],
    }
    assert urls == {f"https://klartext.example.com{PATH}"}


def test_the_scopes_are_exactly_those_that_are_needed(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == REQUIRED
    assert set(scopes["bot_optional"]) == OPTIONAL
    assert set(scopes) == {"bot", "bot_optional"}


def test_the_events_are_exactly_those_that_are_heard(manifest: dict[str, Any]) -> None:
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)


def test_the_direct_message_can_be_written_in(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"]) == (True, True)
    assert home["messages_tab_read_only_enabled"] is False


def named_methods() -> Iterator[str]:
    """Every text in the code of the channel that could be the name of a method."""
    for file in sorted(CODE.glob("*.py")):
        if file.name == "calls.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and METHOD.fullmatch(node.value)
            ):
                yield node.value


def test_every_method_is_called_somewhere_and_none_beside_them() -> None:
    families = {method.partition(".")[0] for method in METHODS}
    named = set(named_methods()) - set(sentences("en"))
    called = {name for name in named if name.partition(".")[0] in families}
    assert called == set(METHODS)


def test_there_is_one_way_to_call_slack() -> None:
    """Nothing else of slack_sdk's client is used: each call passes the table of methods."""
    uses = [
        f"{file.name}: {node.attr}"
        for file in CODE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and re.match(r"(api_call|(chat|views|users|usergroups|auth|apps)_\w+)$", node.attr)
    ]
    assert uses == ["calls.py: api_call"]


def test_the_scopes_of_the_methods_are_those_of_slacks_documentation() -> None:
    assert {method: {scope} if scope else set() for method, scope in METHODS.items()} == fake.SCOPES
    assert SOCKET_METHOD not in METHODS


def test_no_scope_is_spare() -> None:
    needed = {*METHODS.values(), *EVENTS.values(), *FIELDS.values(), COMMANDS} - {None}
    assert needed == SCOPES
    assert OPTIONAL < SCOPES


@pytest.fixture
def klartext(tmp_path: Path) -> Klartext:
    """Klartext with all its features."""
    return Klartext(load_settings({"KLARTEXT_DATABASE_URL": f"sqlite:///{tmp_path / 'k.db'}"}))


def test_every_command_and_shortcut_is_served(manifest: dict[str, Any], klartext: Klartext) -> None:
    features = manifest["features"]
    names = [command["command"].removeprefix("/") for command in features["slash_commands"]]
    names += [s["callback_id"] for s in features["shortcuts"] if s["type"] == "global"]
    for name in names:
        event = TextReceived(Asker(1, "", "de"), None, "", "", command=name)  # type: ignore[arg-type]
        assert any(wanted(event) for wanted, _ in klartext.router._texts), name
    chosen = {s["callback_id"] for s in features["shortcuts"] if s["type"] == "message"}
    assert chosen == set(klartext.router._messages)
