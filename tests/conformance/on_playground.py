"""Somebody on the page of the playground, in a browser without the script: forms in, HTML out."""

from collections.abc import Mapping
from typing import Any

from bot.channels.playground.people import PEOPLE
from bot.i18n import say
from tests.channels.playground.html import Tag, read
from tests.channels.playground.kit import fields
from tests.conformance.building import Building
from tests.conformance.shown import Accounts, Given, Question, Shown, named, option, words

_OPTIONAL = say("de", "playground.form.optional")


class OnPlayground:
    """Sees the form that is open; without one, the newest card."""

    def __init__(self, building: Building, name: str, room: str, accounts: Accounts) -> None:
        self._building = building
        self._browser = building.browser
        self._name = name
        self._accounts = accounts
        self._home = self._room = room
        self._page = read("")
        self._number = 0
        self._newest = 0

    @property
    def shown(self) -> Shown:
        """The form or the card."""
        dialog = self._dialog()
        return _form(dialog, self._accounts) if dialog else _card(self._card())

    async def say(self, text: str) -> None:
        """In the direct message."""
        await self._go("klartext")
        await self._post("say", fields(text=text))

    async def command(self, name: str, text: str) -> None:
        """With a slash, in the room of marketing."""
        await self._go(self._home)
        await self._post("say", fields(text=f"/{name} {text}".strip()))

    async def mention(self, text: str) -> None:
        """In the room of marketing."""
        await self._go(self._home)
        await self._post("say", fields(text=f"@Klartext {text}"))

    async def explain(self, message: str) -> None:
        """The menu of a message that stands there."""
        await self._go(self._home)
        await self._post("say", fields(text=message))
        menu = self._page.one("ol", id="log").all("form", action=f"/{self._name}/{self._room}/choose")
        form = [one for one in menu if one.one("button").text == say("de", "glossary.explain")][-1]
        await self._post("choose", form.fields())

    async def press(self, label: str) -> None:
        """A button of the open form, or of the card."""
        if self._dialog():
            await self.fill({}, label)
            return
        for form in self._card().all("form"):
            labels = [button.text for button in form.all("button")]
            if label in labels:
                await self._post("press", form.fields())
                return
        raise AssertionError(f"no button {label!r} in {self._card().text}")

    async def press_old(self, action: str, value: str) -> None:
        """A button that nobody draws any more."""
        await self._post("press", fields(message=str(self._number), action=action, value=value))

    async def fill(self, answers: Mapping[str, Given], button: str | None = None) -> None:
        """Send the form, or press one of its buttons."""
        form = self._form()
        named = {one.text: one.attributes.get("value", "") for one in form.all("button", name="button")}
        given = form.fields() | self._given(form, answers)
        own = button is not None and button != form.all("button", class_="button primary")[-1].text
        await self._post("form", given | ({"button": named[str(button)]} if own else {}))

    async def change(self, question: str, answers: Mapping[str, Given]) -> None:
        """The script tells of a live answer at once."""
        form = self._form()
        given = form.fields() | self._given(form, answers)
        await self._post("changed", given | {"changed": f"answer.{question}"})

    async def wait(self, seconds: float = 0) -> None:
        """See what the jobs post."""
        self._building.clock.move(seconds)
        await self._see()

    async def _go(self, room: str) -> None:
        self._room = room
        await self._see()
        if self._dialog() is not None:
            form = self._form()
            await self._post("close", form.fields())

    async def _post(self, what: str, data: Mapping[str, Any]) -> None:
        answer = await self._browser.post(f"/{self._name}/{self._room}/{what}", data=dict(data))
        assert answer.status_code == 303, answer.text
        await self._see()

    async def _see(self) -> None:
        await self._building.work()
        self._page = read((await self._browser.get(f"/{self._name}/{self._room}")).text)
        numbers = [number for number, card in self._cards().items() if number > self._newest]
        self._newest = max(numbers, default=self._newest)
        self._number = max(numbers, default=self._number)

    def _cards(self) -> dict[int, Tag]:
        found = {}
        for article in self._page.one("ol", id="log").all("article"):
            cards = article.all("div", class_="card")
            if cards:
                found[int(article.attributes["id"].removeprefix("message-"))] = cards[0]
        return found

    def _card(self) -> Tag:
        return self._cards()[self._number]

    def _dialog(self) -> Tag | None:
        dialog = self._page.all("dialog")
        return dialog[0] if dialog and dialog[0].all("form") else None

    def _form(self) -> Tag:
        dialog = self._dialog()
        assert dialog is not None, self._card().text
        return dialog.one("form")

    def _given(self, form: Tag, answers: Mapping[str, Given]) -> dict[str, Any]:
        standing = {f"answer.{one.id}": one.value for one in questions_in(form, Accounts({}))}
        given = {f"answer.{id_}": value for id_, value in self._accounts.out(answers).items()}
        return {**standing, **given}


def _card(card: Tag) -> Shown:
    return Shown(words(_texts(card)), named(_buttons(card)))


def _form(dialog: Tag, accounts: Accounts) -> Shown:
    form, page = dialog.one("form"), dialog.one("div", class_="page")
    asked = {id(one) for one in _asked(page)}
    texts: list[str] = []
    errors: list[str] = []
    for child in page.children:
        if isinstance(child, Tag) and id(child) not in asked:
            is_error = child.attributes.get("class") == "error"
            (errors if is_error else texts).extend(_texts(child))
    footer = dialog.one("footer")
    return Shown(
        words(texts),
        named(_buttons(footer)),
        tuple(questions_in(form, accounts)),
        dialog.one("h2").text,
        words(errors),
    )


def _asked(page: Tag) -> list[Tag]:
    return [*page.all("div", class_="question"), *page.all("fieldset", class_="question")]


def questions_in(form: Tag, accounts: Accounts) -> list[Question]:
    """The questions of an open form."""
    asked = {id(one) for one in _asked(form)}
    return [_question(one, accounts) for one in form.one("div", class_="page").children if id(one) in asked]  # type: ignore[arg-type]


def _question(one: Tag, accounts: Accounts) -> Question:
    label = one.all("legend" if one.name == "fieldset" else "label")[0]
    ticks = [tick for tick in one.all("input") if tick.attributes.get("type") in {"radio", "checkbox"}]
    choices = one.all("option")
    texts = [field for field in (*one.all("input"), *one.all("textarea")) if field not in ticks]
    values = [tick.attributes["value"] for tick in ticks if "checked" in tick.attributes]
    values += [choice.attributes["value"] for choice in choices if "selected" in choice.attributes]
    values += [_typed(field) for field in texts]
    named = [(tick.attributes["value"], _label_of(one, tick)) for tick in ticks]
    named += [(choice.attributes["value"], choice.text) for choice in choices]
    options = tuple(option(*pair) for pair in named if pair[0])
    field = (*ticks, *texts, *one.all("select"))[0]
    optional = label.all("span", class_="optional")
    return Question(
        field.attributes["name"].removeprefix("answer."),
        label.text.removesuffix(optional[0].text if optional else "").strip(),
        words(hint.text for hint in one.all("p", class_="hint")),
        not optional,
        accounts.named(value for value in values if value),
        () if {value for value, _ in options} <= PEOPLE.keys() else options,
        words(error.text for error in one.all("p", class_="error")),
    )


def _typed(field: Tag) -> str:
    return field.text.removeprefix("\n") if field.name == "textarea" else field.attributes["value"]


def _label_of(one: Tag, tick: Tag) -> str:
    return next(label.one("span").text for label in one.all("label") if tick in label.children)


def _buttons(tag: Tag) -> list[str]:
    """Without the ones that ask first: the question that they unfold has the button that does it."""
    found = [button for button in tag.all("button") if "popovertarget" not in button.attributes]
    return [button.text for button in found if button.attributes.get("class") != "default"]


def _texts(tag: Tag) -> list[str]:
    """What is read, without what stands on buttons, and without questions that are not asked yet."""
    if tag.attributes.get("class") in {"menu", "sure", "press"} or tag.name in {"button", "noscript"}:
        return []
    return [
        text for child in tag.children for text in ([child] if isinstance(child, str) else _texts(child))
    ]
