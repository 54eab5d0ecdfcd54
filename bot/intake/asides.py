"""What the review asks beside the flow: for whom, links, confidential, which sense, the same already? Pure.

The ids have a hyphen, which no question of a flow can have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.chat.answers import is_kind
from bot.chat.events import Answers
from bot.chat.ports import AGREED, Word
from bot.chat.ui import ChoiceInput, FormElement, LinesInput, Option, PersonInput
from bot.i18n import say
from bot.intake.state import listed
from bot.intake.texts import localised
from bot.requests.refs import number_of, reference
from bot.text.clean import shown as as_typed

FOR_WHOM, LINKS, CONFIDENTIAL, SAME, SENSE = (
    "for-whom",
    "the-links",
    "is-confidential",
    "the-same",
    "sense-",
)
_YES, _NONE = "yes", "none"
_MOST_LINKS, _LINK_LENGTH = 10, 500
_MOST_SENSES = 3  # words that are asked about on one page
_SENSE_LENGTH = 75  # of an option in Slack (docs.slack.dev, option object)


@dataclass(frozen=True, slots=True)
class Asides:
    """The answers. `for_whom` is our own reference, `same` the number of a request, `senses` by term."""

    for_whom: str = ""
    links: tuple[str, ...] = ()
    confidential: bool = False
    senses: Mapping[str, str] = field(default_factory=dict)
    same: int | None = None

    def kept(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Similar:
    """A request that may be the same."""

    number: int
    label: str
    state: str
    title: str


def read(data: Mapping[str, Any]) -> Asides:
    """What was kept."""
    return Asides(**{**data, "links": tuple(data.get("links", ()))}) if data else Asides()


def sent(use_case: Mapping[str, Any], confidential: bool, person: int) -> Asides:
    """What was answered in a request that was sent, as somebody sees it who changes it."""
    whom = use_case.get("requester") or ""
    return Asides(
        for_whom="" if whom == reference(person) else whom,
        links=tuple(use_case.get("links") or ()),
        confidential=confidential,
        senses={word["term"]: word["sense"] for word in use_case.get("terms") or ()},
    )


def merged(before: Asides, answers: Answers) -> Asides:
    """The answers of a review form over those from before; what the form does not name stays. A request
    that it no longer offers is no longer the same one.
    """
    senses = {
        id_.removeprefix(SENSE): "".join(listed(answer))
        for id_, answer in answers.items()
        if id_.startswith(SENSE) and listed(answer)
    }
    return Asides(
        for_whom="".join(listed(answers[FOR_WHOM])) if FOR_WHOM in answers else before.for_whom,
        links=_links(answers[LINKS]) if LINKS in answers else before.links,
        confidential=_YES in listed(answers[CONFIDENTIAL])
        if CONFIDENTIAL in answers
        else before.confidential,
        senses={**before.senses, **senses},
        same=number_of("".join(listed(answers.get(SAME)))),
    )


def complaints(asides: Asides, language: str) -> dict[str, str]:
    """A sentence for each answer that cannot be taken."""
    wrong = next((link for link in asides.links if not is_kind("url", link)), None)
    if wrong is not None:
        return {LINKS: say(language, "request.links_wrong", link=as_typed(wrong, 80))}
    too_long = any(len(link) > _LINK_LENGTH for link in asides.links)
    if len(asides.links) > _MOST_LINKS or too_long:
        return {LINKS: say(language, "request.links_many", most=_MOST_LINKS, length=_LINK_LENGTH)}
    return {}


def in_question(words: Sequence[Word], team: str | None) -> tuple[Word, ...]:
    """The words that this department and the team understand differently."""
    return tuple(word for word in words if word.differs_for(team))[:_MOST_SENSES]


def inputs(
    asides: Asides,
    words: Sequence[Word],
    similar: Sequence[Similar],
    departments: Mapping[str, Mapping[str, str]],
    account: str | None,
    language: str,
) -> Iterator[FormElement]:
    """The questions of the review. `account` is that of `for_whom` in this channel, None: it is settled."""
    if similar:
        yield _same(asides, similar, language)
    yield from (_sense(word, asides, departments, language) for word in words)
    if account is not None:
        whom, hint = say(language, "request.for_whom"), say(language, "request.for_whom_hint")
        yield PersonInput(FOR_WHOM, whom, False, hint, initial=(account,) if account else ())
    yield LinesInput(
        LINKS,
        say(language, "request.links"),
        False,
        say(language, "request.links_hint"),
        initial="\n".join(asides.links),
        max_length=_MOST_LINKS * (_LINK_LENGTH + 1),
    )
    yes = Option(_YES, say(language, "request.confidential_yes"))
    chosen = (_YES,) if asides.confidential else ()
    yield ChoiceInput(
        CONFIDENTIAL, say(language, "request.confidential"), False, "", False, (yes,), chosen, True
    )


def _same(asides: Asides, similar: Sequence[Similar], language: str) -> ChoiceInput:
    options = [option(one, language) for one in similar]
    options.append(Option(_NONE, say(language, "request.same_none")))
    chosen = tuple(str(one.number) for one in similar if one.number == asides.same)
    label, hint = say(language, "request.same"), say(language, "request.same_hint")
    return ChoiceInput(SAME, label, False, hint, False, tuple(options), chosen)


def option(one: Similar, language: str) -> Option:
    """A request that may be the same, to choose."""
    return Option(str(one.number), _similar_line(one, language))


def _similar_line(one: Similar, language: str) -> str:
    values = {"label": one.label, "state": say(language, f"request.state.{one.state}")}
    line = say(language, "request.same_option", title=as_typed(one.title, _SENSE_LENGTH), **values)
    return as_typed(line, _SENSE_LENGTH)


def _sense(
    word: Word, asides: Asides, departments: Mapping[str, Mapping[str, str]], language: str
) -> ChoiceInput:
    options = []
    for sense, text in word.senses.items():
        key = "request.sense_agreed" if sense == AGREED else "request.sense_department"
        name = localised(departments.get(sense, {}), language) or sense
        line = say(language, key, department=name, text=localised(text, language))
        options.append(Option(sense, as_typed(line, _SENSE_LENGTH)))
    label = say(language, "request.which_sense", word=localised(word.label, language))
    chosen = asides.senses.get(word.term, word.meant)
    return ChoiceInput(SENSE + word.term, label, False, "", False, tuple(options), (chosen,))


def _links(answer: str | tuple[str, ...]) -> tuple[str, ...]:
    lines = (line.strip() for entry in listed(answer) for line in entry.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))
