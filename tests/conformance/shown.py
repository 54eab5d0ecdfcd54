"""What a person sees, without the channel: words, questions, buttons, the same wherever they were read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Given = str | tuple[str, ...]
_DECORATION = {"•", "–", ""}  # signs of lists and of empty cells, which each channel draws its own way
_LOOKALIKES = str.maketrans("∗ˋ［］＼＿", "*`[]\\_")  # Teams' choices, where the real ones are markup


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form. `options` are left out where a directory or a search gives them."""

    id: str
    label: str
    hint: str = ""
    required: bool = True
    value: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card, or a form if there are questions or a title."""

    words: str = ""
    buttons: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    title: str = ""
    errors: str = ""

    def question(self, id_: str) -> Question:
        """One of the questions."""
        return next(question for question in self.questions if question.id == id_)


@dataclass
class Accounts:
    """People by the names of the playground, as a channel knows them."""

    by_name: Mapping[str, str]
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {account: name for name, account in self.by_name.items()}

    def out(self, answers: Mapping[str, Given]) -> dict[str, Given]:
        """Answers with the channel's accounts in the place of `@name`."""
        return {id_: self._one(given) for id_, given in answers.items()}

    def _one(self, given: Given) -> Given:
        if isinstance(given, str):
            return self.by_name[given[1:]] if given.startswith("@") else given
        return tuple(str(self._one(one)) for one in given)

    def named(self, values: Iterable[str]) -> tuple[str, ...]:
        """Values with `@name` in the place of the channel's accounts."""
        return tuple(f"@{self.names[value]}" if value in self.names else value for value in values)


class Talker(Protocol):
    """Somebody in a channel who does what people do, and sees what they see."""

    @property
    def shown(self) -> Shown:
        """What stands before them since they did something."""
        ...

    async def say(self, text: str) -> None:
        """Write to Klartext alone."""
        ...

    async def command(self, name: str, text: str) -> None:
        """Use a command in the channel of marketing; only they see the answer."""
        ...

    async def mention(self, text: str) -> None:
        """Ask Klartext in the channel of marketing; everybody sees the answer."""
        ...

    async def explain(self, message: str) -> None:
        """Have the terms of somebody's message explained."""
        ...

    async def press(self, label: str) -> None:
        """A button of what is shown; if that is a form, what stands in it is sent, too."""
        ...

    async def press_old(self, action: str, value: str) -> None:
        """A button of a card that an older Klartext has shown."""
        ...

    async def fill(self, answers: Mapping[str, Given], button: str | None = None) -> None:
        """The form: what is not named stays as it is drawn. `button` is one of the form's own."""
        ...

    async def change(self, question: str, answers: Mapping[str, Given]) -> None:
        """An answer on which others depend; the page follows."""
        ...

    async def wait(self, seconds: float = 0) -> None:
        """Nothing: time passes, jobs are done, and they look at what came."""
        ...


def words(texts: Iterable[str]) -> str:
    """Everything that is read, as one line."""
    found = " ".join(texts).split()
    return " ".join(word for word in (word.removesuffix(":") for word in found) if word not in _DECORATION)


def option(value: str, label: str) -> tuple[str, str]:
    """A choice as people read it."""
    return value, " ".join(label.translate(_LOOKALIKES).replace("\u200b", "").split())


def named(buttons: Iterable[str]) -> tuple[str, ...]:
    """Buttons by their names, in an order that no channel has."""
    return tuple(sorted(set(buttons)))
