"""From a wish to a request: the ways in, the pages, and what became of one's requests."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.events import MessageChosen, TextReceived
from bot.chat.ports import Outbox
from bot.chat.replies import Reply
from bot.chat.router import Router
from bot.db.unit_of_work import Database
from bot.intake import cards, drafts, pages
from bot.intake.dialog import Dialog
from bot.intake.mine import Mine
from bot.intake.shelf import Shelf
from bot.intake.wish import Wish

FROM_MESSAGE = "request.from_message"
_MOST_READ = 3_000  # characters of a message that become a wish
_FOUND = 20  # options of a search field


@dataclass(frozen=True, slots=True)
class Requests:
    """The handlers of the dialog. `read` is the analysis of a wish."""

    database: Database
    shelf: Shelf
    dialog: Dialog
    mine: Mine
    read: Callable[[str], Wish]
    outbox: Outbox

    def register(self, router: Router) -> None:
        """Into the one table."""
        router.on_text(_wants_status, self.mine.show)
        router.on_text(_wants_request, self.begin)
        router.on_text(self._sounds_like_a_wish, self.offer)
        router.on_action(cards.CONTINUE, self.go_on)
        router.on_action(cards.FLOW, self.begin_flow)
        router.on_action(cards.SETTLE, self.settle)
        router.on_form(pages.PAGE, self.dialog.page)
        router.on_form(pages.REVIEW, self.dialog.page)
        router.on_change(pages.PAGE, self.dialog.changed)
        router.on_message(FROM_MESSAGE, self.from_message)
        router.on_job(drafts.OFFER, self.offer_again)
        self.mine.register(router)

    async def begin(self, event: TextReceived) -> Reply:
        """`/request …`: the flows if nothing was said, else the first page with what was said."""
        return await self._begin(event, event.text)

    async def from_message(self, event: MessageChosen) -> Reply:
        """A message of anybody becomes the wish."""
        return await self._begin(event, event.text)
