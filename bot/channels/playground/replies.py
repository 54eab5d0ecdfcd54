"""What a reply does to the page: a card in a place, a form before somebody, or nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.channels.playground import answers as form_answers
from bot.channels.playground.people import KLARTEXT, Seat
from bot.channels.playground.render import new_key
from bot.channels.playground.store import Draft, Message, OpenForm, Store
from bot.chat.replies import WHOLE_FORM, Close, Errors, Home, Open, Reply, Results, Silent, Tell, Update
from bot.chat.ui import Card, Form, Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event came from: the reply goes back there. `asked` is a slash command's text."""

    seat: Seat
    key: str
    asked: str = ""
    message: Message | None = None
    form: OpenForm | None = None
    does: Literal["talks", "presses", "submits", "changes", "closes", "home"] = "talks"


class Replies:
    """Puts into the store what a handler replied."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def apply(self, reply: Reply, source: Source, root: int | None = None) -> None:
        """Do what the reply says. A form that was sent is done unless the reply says otherwise."""
        match reply:
            case Tell(card, to):
                self._shut(source)
                self._tell(card, to, source, root)
            case Open(form):
                self._show(form, source)
            case Update(shown):
                if isinstance(shown, Form):
                    self._show(shown, source)
                else:
                    self._replace(shown, source)
            case Errors(sentences):
                self._complain(sentences, source)
            case Close(card):
                self._shut(source, done=True)
                if card is not None:
                    self._tell(card, "private", source, root)
            case Home(card):
                self._store.set_home(source.seat.person.id, card)
            case Results():
                pass
            case Silent():
                self._shut(source)

    def _tell(
        self, card: Card, to: Literal["private", "thread", "public"], source: Source, root: int | None
    ) -> None:
        asked = source.message
        if root is None and asked is not None:
            root = asked.thread or (
                asked.number if to == "thread" and source.seat.room != KLARTEXT else None
            )
        draft = Draft(
            source.seat.place.id,
            KLARTEXT,
            card=card,
            thread=None if to == "public" else root,
            audience=source.seat.person.id if to == "private" else None,
            asked=source.asked if to == "private" else "",
            key=f"{source.key}:told",
        )
        self._store.post(draft)

    def _show(self, form: Form, source: Source) -> None:
        """A form is drawn anew; while somebody fills it in, what they typed stays."""
        before = source.form
        is_same = before is not None and before.form == form and WHOLE_FORM not in before.errors
        if is_same and source.does == "changes":
            return  # it stands there; drawn anew it would slip away from under the next click
        kept = before.answers if before and source.does == "changes" else {}
        shown = OpenForm(
            id=before.id if before else secrets.token_hex(12),
            drawing=new_key(),
            room=source.seat.room,
            form=form,
            answers=kept,
            offered=before.offered if before else {},
            message=source.message.number if source.message else before.message if before else None,
        )
        ids = {question.id for question in form_answers.questions(shown)}
        kept = {id_: answer for id_, answer in kept.items() if id_ in ids}
        self._store.open(source.seat.person.id, replace(shown, answers=kept))

    def _replace(self, card: Card, source: Source) -> None:
        message = source.message
        if source.does == "home":
            self._store.set_home(source.seat.person.id, card)
        elif message is not None and message.author == KLARTEXT:
            self._store.edit(message.number, card)
        else:
            self._shut(source, done=True)
            self._tell(card, "private", source, None)

    def _complain(self, sentences: Mapping[str, str], source: Source) -> None:
        if source.form is not None:
            shown = replace(source.form, errors=dict(sentences), drawing=new_key())
            self._store.open(source.seat.person.id, shown)
        else:
            lines = tuple(Text(sentence) for sentence in sentences.values())
            self._tell(Card(" ".join(sentences.values()), lines), "private", source, None)

    def _shut(self, source: Source, *, done: bool = False) -> None:
        if source.form is not None and (done or source.does == "submits"):
            self._store.shut(source.seat.person.id, source.form.id)
