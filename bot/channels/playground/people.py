"""Who one can be in the playground, and where. Invented, fixed, and known to nobody outside of it."""

from dataclasses import dataclass

from bot.chat.events import Place

CHANNEL = "playground"
KLARTEXT = "klartext"  # the author of what Klartext posts, and the address of its direct message


@dataclass(frozen=True, slots=True)
class Person:
    """One of the four. `id` is the account; e-mail and language are those of the profile."""

    id: str
    name: str
    email: str
    language: str
    department: str

    @property
    def first_name(self) -> str:
        """As one is greeted."""
        return self.name.split()[0]

    @property
    def initials(self) -> str:
        """Two letters for the picture."""
        return "".join(word[0] for word in self.name.split())[:2]


PEOPLE = {
    person.id: person
    for person in (
        Person("mara", "Mara Marketing", "marketing@example.com", "de", "Marketing"),
        Person("sven", "Sven Vertrieb", "vertrieb@example.com", "de", "Vertrieb"),
        Person("ines", "Ines IT", "it@example.com", "de", "IT"),
        Person("dario", "Dario Daten", "daten@example.com", "en", "Data"),
    )
}
ROOMS = ("marketing", "vertrieb", "it", "it-anfragen", KLARTEXT)  # as addresses name them


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody somewhere: what the address of a page says."""

    person: Person
    room: str

    @property
    def place(self) -> Place:
        """The place as Klartext knows it; a direct message is another one for each person."""
        if self.room == KLARTEXT:
            return direct(self.person.id)
        return Place(CHANNEL, f"#{self.room}")

    @property
    def url(self) -> str:
        """Where the page stands."""
        return f"/{self.person.id}/{self.room}"

    def at(self, room: str) -> "Seat":
        """The same person elsewhere."""
        return Seat(self.person, room)


def seat(person: str, room: str) -> Seat | None:
    """The seat with this address, None if there is none."""
    return Seat(PEOPLE[person], room) if person in PEOPLE and room in ROOMS else None


def direct(person: str) -> Place:
    """Where somebody talks with Klartext alone."""
    return Place(CHANNEL, f"@{person}", "direct")


def room_of(place_id: str, person: str) -> str | None:
    """The address of a place for a person; None if the place does not exist or is another's."""
    if place_id == f"@{person}":
        return KLARTEXT
    room = place_id.removeprefix("#")
    return room if place_id.startswith("#") and room in ROOMS[:-1] else None


def exists(place_id: str) -> bool:
    """Whether something can be posted there."""
    return any(room_of(place_id, person) for person in PEOPLE)
