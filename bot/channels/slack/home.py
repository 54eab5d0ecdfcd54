"""The Home tab: a card as a page, with a field to ask in. Published only when it has changed."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bot.channels.slack import limits
from bot.channels.slack.calls import Web
from bot.channels.slack.render import Block, card_blocks, plain
from bot.chat.ui import Card
from bot.i18n import say

SEARCH = "klartext.search"  # the block_id of the field


def home_view(card: Card, language: str) -> dict[str, Any]:
    """The page; its private_metadata is a fingerprint of what it shows."""
    blocks = [_search(language), *card_blocks(card, "home", language)][: limits.VIEW_BLOCKS]
    fingerprint = sha256(json.dumps(blocks).encode()).hexdigest()
    return {"type": "home", "private_metadata": fingerprint, "blocks": blocks}


async def publish(
    web: Web, account: str, card: Card, language: str, shown: Mapping[str, Any] | None
) -> None:
    """Show the page to a person, unless `shown` is the same. Raises SlackRefused, SlackAway, RetryLater."""
    view = home_view(card, language)
    if not shown or shown.get("private_metadata") != view["private_metadata"]:
        await web.call("views.publish", {"user_id": account, "view": view})


def _search(language: str) -> Block:
    """Slack sends what stands there when somebody presses Enter."""
    return {
        "type": "input",
        "block_id": SEARCH,
        "label": plain(say(language, "slack.search"), limits.LABEL),
        "dispatch_action": True,
        "element": {
            "type": "plain_text_input",
            "action_id": SEARCH,
            "placeholder": plain(say(language, "slack.search_example"), limits.PLACEHOLDER),
            "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        },
    }
