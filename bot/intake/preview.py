"""A flow as people would see it, page by page, with its conditions in words: for whoever edits the file."""

from collections.abc import Iterator, Mapping

from bot.chat.ui import Bullets, Card, Divider, Element, Facts, Text
from bot.i18n import say
from bot.intake.conditions import FACTS, Comparison
from bot.intake.model import Flow, Option, Question, Step
from bot.intake.texts import filled, localised

_IN_WORDS = frozenset({"command_text", "requester", "today", "owner"})  # words of the file with a sentence


def preview(flow: Flow, language: str) -> Card:
    """All pages of a flow on one card."""
    return _Preview(flow, language).card()


def only_if(flow: Flow, condition: Mapping[str, Comparison] | None, language: str) -> tuple[Text, ...]:
    """On which condition something is shown, in words; nothing if it always is."""
    return tuple(_Preview(flow, language).only_if(condition))


class _Preview:
    """One flow in one language."""

    def __init__(self, flow: Flow, language: str) -> None:
        self.flow = flow
        self.language = language

    def card(self) -> Card:
        title = self._text(self.flow.title)
        about = self._say("about", id=self.flow.id, version=self.flow.version, command=self.flow.command)
        head: list[Element] = [Text(title, "strong"), Text(about, "subtle")]
        if self.flow.description:
            head.append(Text(self._text(self.flow.description)))
        pages = [part for at, step in enumerate(self.flow.steps, 1) for part in self._page(at, step)]
        return Card(title, (*head, *pages))

    def _page(self, number: int, step: Step) -> Iterator[Element]:
        yield Divider()
        page = self._say("page", number=number, pages=len(self.flow.steps), title=self._text(step.title))
        yield Text(page, "strong")
        yield from self.only_if(step.show_if)
        if step.intro:
            yield Text(self._text(step.intro), "subtle")
        for question in step.questions:
            yield from self._question(question)

    def _question(self, question: Question) -> Iterator[Element]:
        mark = " *" if question.drawn_required else ""
        yield Text(self._text(question.label) + mark, "plain" if question.type == "markdown" else "strong")
        yield from self.only_if(question.show_if)
        if question.hint:
            yield Text(self._text(question.hint), "subtle")
        if question.type != "markdown":
            yield Facts(((self._say(f"type.{question.type}"), self._field(question)),))
        if choices := list(self._choices(question)):
            yield Bullets(tuple(choices))

    def _field(self, question: Question) -> str:
        """What stands in the empty field, and what it takes."""
        example = self._text(question.placeholder) if question.placeholder else ""
        limit = self._say("limit", limit=question.max_length) if question.max_length else ""
        given = question.prefill or question.default
        parts = [example, limit, self._say("filled", name=self._word(given)) if given is not None else ""]
        parts += [
            self._say(key, value=self._bound(bound))
            for key, bound in (("min", question.min), ("max", question.max))
            if bound is not None
        ]
        return " · ".join(filter(None, parts)) or "–"

    def _bound(self, bound: str | int | bool) -> str:
        other = self.flow.question(str(bound))
        return self._quoted(self._text(other.label)) if other else self._word(bound)

    def _word(self, value: object) -> str:
        """A word of the file as people say it."""
        word = str(value)
        return self._say(f"word.{word}") if word in _IN_WORDS else self._fact(word)

    def _choices(self, question: Question) -> Iterator[str]:
        if question.options_from:
            yield self._say(f"source.{question.options_from}")
        yield from map(self._option, question.options or ())
        if question.allow_other:
            yield self._say("other")
        if question.allow_unknown:
            yield self._say("unknown", who=self._word(question.unknown_goes_to))

    def _option(self, option: Option) -> str:
        label = self._text(option.label)
        return self._say("exclusive", label=label) if option.exclusive else label

    def only_if(self, condition: Mapping[str, Comparison] | None) -> Iterator[Text]:
        """A condition in words."""
        if condition:
            lines = [self._line(name, comparison) for name, comparison in condition.items()]
            yield Text(self._say("only_if", condition=self._say("and").join(lines)), "subtle")

    def _line(self, name: str, comparison: Comparison) -> str:
        question = self.flow.question(name)
        about = self._quoted(self._text(question.label)) if question else self._fact(name)
        return f"{about}: {', '.join(self._compared(question, comparison))}"

    def _fact(self, name: str) -> str:
        return self._say(f"fact.{name}") if name in FACTS else name

    def _compared(self, question: Question | None, comparison: Comparison) -> Iterator[str]:
        """What must be true, one phrase per key that is given."""
        given = comparison.model_dump(by_alias=True, exclude_none=True)
        for key in sorted(given, key=lambda key: key != "answered"):
            match value := given[key]:
                case bool() if key == "answered":
                    yield self._say("answered" if value else "unanswered")
                case list():
                    yield self._say(
                        key, value=self._say("or").join(self._value(question, one) for one in value)
                    )
                case float():
                    yield self._say(key, value=f"{value:g}")
                case _:
                    yield self._say(key, value=self._value(question, value))

    def _value(self, question: Question | None, value: str | int | bool) -> str:
        if isinstance(value, bool):
            return self._say("yes" if value else "no")
        options = (question.options if question else None) or []
        label = next((self._text(one.label) for one in options if one.value == value), None)
        return self._quoted(label or str(value))

    def _text(self, texts: Mapping[str, str]) -> str:
        """A text with the names of what will be filled in."""
        return filled(localised(texts, self.language, self.flow.address), self._filling)

    def _filling(self, name: str) -> str:
        question = self.flow.question(name)
        return f"[{self._text(question.label) if question else self._fact(name)}]"

    def _quoted(self, text: str) -> str:
        return self._say("quoted", text=text)

    def _say(self, key: str, **values: object) -> str:
        return say(self.language, f"flow_preview.{key}", **values)
