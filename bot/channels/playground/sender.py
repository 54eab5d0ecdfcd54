"""Posts for the jobs, and knows the people: what Slack's and Microsoft's web services do elsewhere."""

from bot.channels.playground.people import KLARTEXT, PEOPLE, direct, exists
from bot.channels.playground.store import Draft, Store, whole
from bot.chat.events import MessageRef, Place
from bot.chat.ports import MessageGone, Profile, Unreachable
from bot.chat.ui import Card


class UnknownPlace(Unreachable):
    """The playground has no such place, person or message. Correct who is bound to what."""


class NoSuchMessage(UnknownPlace, MessageGone):
    """The message that should change was deleted."""


class PlaygroundSender:
    """The playground as a Sender. A repeated key posts nothing twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Post to a place, in the thread if it has one. Raises UnknownPlace."""
        if not exists(place.id):
            raise UnknownPlace(place.id)
        thread = self._thread(place)
        draft = Draft(place.id, KLARTEXT, card=card, thread=thread, key=f"post:{key}")
        message = self._store.post(draft)
        return MessageRef(place, str(message.number))

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Put another card in the place of an older one. Raises UnknownPlace if that is gone."""
        if not self._store.edit(self._number(message), card):
            raise NoSuchMessage(message.id)

    async def delete(self, message: MessageRef) -> None:
        """Take a message back; one that is gone already stays so."""
        self._store.delete(self._number(message))

    async def direct(self, account: str, card: Card, key: str) -> MessageRef:
        """Post to one person alone. Raises UnknownPlace."""
        if account not in PEOPLE:
            raise UnknownPlace(account)
        return await self.post(direct(account), card, key)

    async def whisper(self, place: Place, account: str, card: Card, key: str) -> None:
        """Post to a place where only one person sees it. Raises UnknownPlace."""
        if not exists(place.id) or account not in PEOPLE:
            raise UnknownPlace(f"{place.id} {account}")
        thread = self._thread(place)
        self._store.post(
            Draft(place.id, KLARTEXT, card=card, thread=thread, audience=account, key=f"post:{key}")
        )

    def _thread(self, place: Place) -> int | None:
        if place.thread is None:
            return None
        root = self._store.message(whole(place.thread))
        if root is None or root.place != place.id:
            raise UnknownPlace(place.thread)
        return root.thread or root.number

    def _number(self, message: MessageRef) -> int:
        known = self._store.message(whole(message.id))
        if known is None or known.author != KLARTEXT or known.place != message.place.id:
            raise NoSuchMessage(message.id)
        return known.number


class PlaygroundProfiles:
    """What the playground knows about its four people."""

    async def profile(self, account: str) -> Profile | None:
        """The profile of one of the four, None for anybody else."""
        person = PEOPLE.get(account)
        if person is None:
            return None
        return Profile(person.name, person.email, person.language, person.department)
