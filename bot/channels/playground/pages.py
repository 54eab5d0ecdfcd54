"""Draws the page and its parts: Jinja templates, always escaped, with the sentences of the locale files."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.playground.forms import form_html, sample_html
from bot.channels.playground.listener import HOME
from bot.channels.playground.people import KLARTEXT, PEOPLE, ROOMS, Seat, room_of
from bot.channels.playground.render import Frame, card_html, new_key
from bot.channels.playground.samples import Samples
from bot.channels.playground.store import Message, Store
from bot.chat.ui import Card
from bot.i18n import LANGUAGES, day_text, say

Preview = Callable[[Card], str]
_TRIES = 5
_log = logging.getLogger(__name__)
_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Everything that is shown. `previews` show a card as another channel would send it."""

    def __init__(
        self,
        store: Store,
        previews: Mapping[str, Preview] | None = None,
        actions: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._store = store
        self._previews = previews or {}
        self._actions = tuple(actions)
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, seat: Seat, language: str, home: Card | None = None, *, at_home: bool = False) -> str:
        """The whole page of somebody somewhere."""
        revision = self._store.revision()
        unseen = {room_of(place, seat.person.id) for place in self._store.unseen(seat.person.id)}
        return self._draw(
            "page.html",
            language,
            seat=seat,
            people=PEOPLE.values(),
            rooms=ROOMS,
            languages=LANGUAGES,
            unseen=unseen - {seat.room},
            since=f"{self._store.id}.{revision}",
            entries=self._entries(seat, language),
            is_new=self._store.is_new(seat.person.id),
            tries=range(1, _TRIES + 1),
            dialog=self.dialog(seat, language),
            at_home=at_home,
            home=self.home(home, seat, language) if at_home else "",
        )

    def entry(self, message: Message, seat: Seat, language: str, replies: Sequence[str] = ()) -> str:
        """One message, with what was said under it."""
        own = message.author != KLARTEXT
        frame = Frame(language, seat.url, str(message.number))
        now = self._store.clock().astimezone()
        return self._draw(
            "entry.html",
            language,
            seat=seat,
            message=message,
            author=PEOPLE.get(message.author),
            own=own,
            body=card_html(message.card, frame) if message.card else None,
            previews=self._previewed(message.card),
            actions=self._actions,
            time=_time(message.at.astimezone(), now, language),
            replies=[Markup(reply) for reply in replies],  # noqa: S704  (drawn by this very template)
        )

    def dialog(self, seat: Seat, language: str) -> str:
        """The form that the person has open, else nothing."""
        shown = self._store.form(seat.person.id)
        return form_html(shown, seat.url, language) if shown else ""

    def home(self, card: Card | None, seat: Seat, language: str) -> str:
        """The inside of the home page."""
        card = card or self._store.home(seat.person.id)
        if card is None:
            return self._draw("empty.html", language)
        return card_html(card, Frame(language, seat.url, HOME))

    def samples(self, samples: Samples, kind: str, language: str) -> str:
        """Every page of one kind of form, or the kinds to choose from, with what is wrong in the files."""
        chosen = [sample for sample in samples.kinds if sample.id == kind] or samples.kinds[:1]
        forms = [form for sample in chosen for form in sample.pages]
        starts = accumulate((len(form.elements) for form in forms), initial=0)
        pages = [sample_html(form, first, language) for form, first in zip(forms, starts, strict=False)]
        names = {"kind": chosen[0].id if chosen else "", "kinds": samples.kinds, "languages": LANGUAGES}
        return self._draw("samples.html", language, pages=pages, findings=samples.findings, **names)

    def sorry(self, language: str, sentence: str, back: str = "/") -> str:
        """A page that says what did not work."""
        return self._draw("sorry.html", language, sentence=sentence, back=back)

    def _entries(self, seat: Seat, language: str) -> list[Markup]:
        """The messages with their replies; a reply whose root is too old to be drawn stands alone."""
        shown = self._store.messages(seat.place.id, seat.person.id)
        numbers = {message.number for message in shown}
        replies: dict[int, list[str]] = {}
        for message in shown:
            if message.thread in numbers:
                replies.setdefault(message.thread or 0, []).append(self.entry(message, seat, language))
        roots = [message for message in shown if message.thread not in numbers]
        return [
            Markup(self.entry(root, seat, language, replies.get(root.number, ())))  # noqa: S704
            for root in roots
        ]

    def _previewed(self, card: Card | None) -> list[tuple[str, str]]:
        return [(name, _preview(name, draw, card)) for name, draw in self._previews.items()] if card else []

    def _draw(self, template: str, language: str, **values: object) -> str:
        def said(key: str, **filled: object) -> str:
            return say(language, f"playground.{key}", **filled)

        return self._templates.get_template(template).render(
            say=said, say_any=lambda key: say(language, key), language=language, new_key=new_key, **values
        )


def _preview(name: str, draw: Preview, card: Card) -> str:
    """A card that another channel cannot draw is shown here all the same, with the reason."""
    try:
        return draw(card)
    except Exception as error:
        _log.exception("no preview for %s", name)
        return f"{type(error).__name__}: {error}"


def _time(at: datetime, now: datetime, language: str) -> str:
    return f"{at:%H:%M}" if at.date() == now.date() else f"{day_text(at.date(), language)}, {at:%H:%M}"
