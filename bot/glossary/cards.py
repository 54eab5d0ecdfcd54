"""The cards of the look-up in a chat: the answer of `views`, short or long, with what to do next. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.chat.events import Asker
from bot.chat.ui import (
    Bullets,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Element,
    Expandable,
    Facts,
    Form,
    LinesInput,
    Option,
    Text,
    TextInput,
)
from bot.glossary import views
from bot.glossary.book import Answer, Book
from bot.glossary.model import localised
from bot.glossary.shown import Shown, shown_by
from bot.glossary.term_view import opened
from bot.i18n import say
from bot.text.clean import shown as as_typed

SHOW, MORE, LESS, SHARE = "glossary.show", "glossary.more", "glossary.less", "glossary.share"
HELPFUL, NOT_HELPFUL, DIFFERS = "glossary.helpful", "glossary.not_helpful", "glossary.differs"
PROPOSE, ASK, DEPARTMENT = "glossary.propose", "glossary.ask", "glossary.department"
LIST, POPULAR, HOME = "glossary.list", "glossary.popular", "glossary.home"
_COMPARED = 2  # terms that are offered for a comparison
_LISTED = 40  # lines of a list in a chat
_EXPLAINED = 20  # terms of one message
WORD, TEXT, TERM, QUESTION = "word", "text", "term", "question"
MOST_WORD, MOST_TEXT = 80, 1_000  # characters
_MOST_POPULAR = 10  # terms

# alone with Klartext; for the asker alone, where others are; for everybody who is there
Audience = Literal["direct", "private", "public"]


def answer(book: Book, given: Answer, today: dt.date, audience: Audience, *, more: bool = False) -> Card:
    """Whatever was asked, with what to do next. Pressed on a public card it is done beside the card."""
    card = views.answer(book, given, today, most=_LISTED, brief=not more)
    if given.intent == "list":
        return card
    if not given.terms:
        said = tuple(part for part in card.elements if not isinstance(part, Bullets))  # buttons name them
        picks = _suggestions(book.seen_by(given.asker), given, beside=audience == "public")
        return Card(card.summary, (*said, picks))
    shown = shown_by(given, beside=audience == "public")
    folded = any(isinstance(element, Expandable) for element in card.elements)
    elements = tuple(opened(card.elements, "strong") if more else _compact(card.elements))
    steps = [_folding(shown, given.language, more=more)] if folded else []
    steps += _comparisons(book.seen_by(given.asker), shown, given)
    if audience == "private":
        steps.append(Button(say(given.language, "glossary.share"), SHARE, str(shown)))
    rows = (Buttons(tuple(steps)),) if steps else ()
    return Card(card.summary, (*elements, *rows, _feedback(given.language, shown)))


def shared(book: Book, given: Answer, today: dt.date, who: str) -> Card:
    """The answer as somebody shows it to a channel."""
    card = answer(book, given, today, "public")
    name = as_typed(who) or say(given.language, "glossary.somebody")
    by = Text(say(given.language, "glossary.shared_by", name=name), "subtle")
    return Card(card.summary, (by, *card.elements))


def inserted(book: Book, given: Answer, today: dt.date) -> Card:
    """The answer as a part of what somebody writes: nobody there has asked Klartext, so no buttons."""
    card = views.answer(book, given, today, brief=True)
    return replace(card, elements=tuple(_compact(card.elements)))


def which_department(book: Book, shown: Shown, language: str) -> Card:
    """Asked once: below the first answer, or beside it if others see that."""
    question = say(language, "glossary.which_department")
    buttons = tuple(
        Button(option.label, DEPARTMENT, f"{option.value} {shown}")
        for option in departments(book, language)
    )
    return Card(question, (Text(question, "strong"), Buttons(buttons)))


def departments(book: Book, language: str) -> tuple[Option, ...]:
    """All departments, by name."""
    ids = book.glossary.glossary.departments
    options = (Option(id_, book.department_label(id_, language)) for id_ in ids)
    return tuple(sorted(options, key=lambda option: option.label.casefold()))


def help_card(language: str) -> Card:
    """What Klartext can do, in a few lines."""
    first, *lines = say(language, "glossary.help_lines").splitlines()
    buttons = Buttons(
        (
            Button(say(language, "glossary.list"), LIST),
            Button(say(language, "glossary.popular"), POPULAR),
            Button(say(language, "people.settings"), "people.settings", opens=True),
            Button(say(language, "glossary.propose"), PROPOSE, opens=True),
        )
    )
    return Card(first, (Text(first, "strong"), Bullets(tuple(lines)), buttons))


def hint(language: str) -> Card:
    """Something was said to Klartext that is no question."""
    sentence = say(language, "glossary.no_question")
    return Card(sentence, (Text(sentence),))


def popular(book: Book, asker: Asker, asked: Iterable[tuple[str, int]], language: str) -> Card:
    """What is looked up most, as far as this asker may see it."""
    title = say(language, "glossary.popular")
    seen = book.seen_by(asker.department).gists
    ids = [id_ for id_, _ in asked if id_ in seen][:_MOST_POPULAR]
    if not ids:
        nothing = say(language, "glossary.popular_nothing")
        return Card(title, (Text(title, "strong"), Text(nothing)))
    lines = tuple(_line(book, id_, language) for id_ in ids)
    return Card(title, (Text(title, "strong"), Bullets(lines), _pick(book, ids[:5], language)))


@dataclass(frozen=True, slots=True)
class Beside:
    """What other features show on the home page: the work of a team comes first, one's own comes last."""

    first: tuple[Element, ...] = ()
    last: tuple[Element, ...] = ()


def home(book: Book, asker: Asker, asked: Iterable[tuple[str, int]], beside: Beside) -> Card:
    """The page of Klartext: what one can do, what waits, who one is, which terms want a look."""
    language, seen = asker.language, book.seen_by(asker.department)
    title = say(language, "glossary.home_title")
    department = book.department_label(asker.home, language) if asker.home else "–"
    facts = (
        (say(language, "people.department"), department),
        (say(language, "people.language"), say(language, f"people.{language}")),
    )
    actions = Buttons(
        (
            ask_button(language),
            Button(say(language, "glossary.list"), LIST),
            Button(say(language, "people.settings"), "people.settings", opens=True),
        )
    )
    sections = (
        ("glossary.home_open", _to_agree(seen, asker.home)),
        ("glossary.home_disputed", [id_ for id_, gist in seen.gists.items() if gist.status == "disputed"]),
        ("glossary.home_newest", seen.newest()),
        ("glossary.popular", [id_ for id_, _ in asked if id_ in seen.gists]),
    )
    lists = (part for key, ids in sections if ids for part in _section(seen, key, list(ids)[:5], language))
    parts = (Text(title, "strong"), actions, *beside.first, Facts(facts), *lists, *beside.last)
    return Card(title, parts)


def explained(book: Book, asker: Asker, ids: Iterable[str]) -> Card:
    """The terms of a message, a line each; those that are understood differently first."""
    language, seen = asker.language, book.seen_by(asker.department)
    terms = [id_ for id_ in dict.fromkeys(ids) if id_ in seen.gists]
    terms.sort(key=lambda id_: not seen.glossary.terms[id_].senses)
    if not terms:
        nothing = say(language, "glossary.explain_nothing")
        return Card(nothing, (Text(nothing),))
    title = say(language, "glossary.explain_title")
    lines = tuple(_explanation(seen, id_, asker.department, language) for id_ in terms[:_EXPLAINED])
    return Card(title, (Text(title, "strong"), Bullets(lines), _pick(seen, terms[:5], language)))


def remark_form(book: Book, shown: Shown, asker: Asker) -> Form:
    """ "Bei uns heisst das anders": what it means there instead."""
    language = asker.language
    options = tuple(Option(id_, book.label(id_, language)) for id_ in shown.terms)
    which = ChoiceInput(
        TERM, say(language, "glossary.remark_term"), options=options, initial=shown.terms[:1]
    )
    label = say(language, "glossary.remark_label")
    what = LinesInput(TEXT, label, hint=say(language, "glossary.remark_hint"), max_length=MOST_TEXT)
    elements = (which, what) if len(options) > 1 else (Text(options[0].label, "strong"), what)
    return Form(
        DIFFERS,
        say(language, "glossary.differs_short"),
        elements,
        say(language, "chat.send"),
        say(language, "chat.cancel"),
        {"shown": str(shown)},
    )


def proposal_form(word: str, language: str) -> Form:
    """A word that is missing, and what it means to whoever proposes it."""
    return Form(
        PROPOSE,
        say(language, "glossary.propose"),
        (
            TextInput(WORD, say(language, "glossary.propose_word"), initial=word, max_length=MOST_WORD),
            LinesInput(
                TEXT,
                say(language, "glossary.propose_text"),
                required=False,
                hint=say(language, "glossary.propose_hint"),
                max_length=MOST_TEXT,
            ),
        ),
        say(language, "chat.send"),
        say(language, "chat.cancel"),
    )


def ask_form(language: str) -> Form:
    """One question."""
    question = TextInput(
        QUESTION, say(language, "glossary.ask_label"), placeholder=say(language, "glossary.ask_example")
    )
    cancel = say(language, "chat.cancel")
    return Form(ASK, say(language, "glossary.ask"), (question,), say(language, "glossary.ask"), cancel)


def ask_button(language: str) -> Button:
    """Opens the form for one question."""
    return Button(say(language, "glossary.ask"), ASK, style="primary", opens=True)


def noted(language: str, key: str, **values: str) -> Card:
    """A thank-you."""
    sentence = say(language, key, **values)
    return Card(sentence, (Text(sentence),))


def _compact(elements: Iterable[Element]) -> Iterator[Element]:
    return (element for element in elements if not isinstance(element, Expandable))


def _suggestions(book: Book, given: Answer, *, beside: bool) -> Buttons:
    language = given.language
    one = replace(shown_by(given, beside=beside), compared=False, aspect=None)
    shown = (replace(one, terms=(id_,)) for id_ in given.suggestions)
    picks = [Button(book.label(each.terms[0], language), SHOW, str(each)) for each in shown]
    word = as_typed(given.reading.understood, MOST_WORD)
    return Buttons((*picks, Button(say(language, "glossary.propose"), PROPOSE, word, opens=True)))


def _folding(shown: Shown, language: str, *, more: bool) -> Button:
    key, action = ("glossary.less", LESS) if more else ("glossary.more", MORE)
    return Button(say(language, key), action, str(shown))


def _comparisons(book: Book, shown: Shown, given: Answer) -> Iterator[Button]:
    """With what was meant beside this term, or with what is near it."""
    if shown.compared or len(shown.terms) != 1:
        return
    relations = book.glossary.terms[shown.terms[0]].relations
    near = [
        *given.suggestions,
        *(other.term for other in relations.confused_with),
        *relations.related,
        *relations.opposite,
    ]
    others = [id_ for id_ in dict.fromkeys(near) if id_ in book.gists and id_ not in shown.terms]
    for id_ in others[:_COMPARED]:
        both = replace(shown, terms=(*shown.terms, id_), compared=True, aspect=None)
        label = say(given.language, "glossary.compare", label=book.label(id_, given.language))
        yield Button(label, SHOW, str(both))


def _feedback(language: str, shown: Shown) -> Buttons:
    return Buttons(
        tuple(
            Button(say(language, key), key, str(shown), opens=key == DIFFERS)
            for key in (HELPFUL, NOT_HELPFUL, DIFFERS)
        )
    )


def _pick(book: Book, ids: Iterable[str], language: str) -> Buttons:
    """Terms to open, one after the other: the card stays."""
    shown = ((id_, Shown((id_,), beside=True, language=language)) for id_ in ids)
    return Buttons(tuple(Button(book.label(id_, language), SHOW, str(each)) for id_, each in shown))


def _section(book: Book, key: str, ids: list[str], language: str) -> tuple[Element, ...]:
    return Text(say(language, key), "strong"), _pick(book, ids, language)


def _line(book: Book, id_: str, language: str) -> str:
    text = as_typed(localised(book.glossary.terms[id_].definition, language), 90)
    return say(language, "list.line", label=book.label(id_, language), text=text)


def _explanation(book: Book, id_: str, department: str | None, language: str) -> str:
    term = book.glossary.terms[id_]
    sense = book.glossary.sense(term, department)
    text = as_typed(localised(sense.definition if sense else term.definition, language), 200)
    key = "glossary.explain_differs" if term.senses else "list.line"
    return say(language, key, label=book.label(id_, language), text=text)


def _to_agree(book: Book, department: str | None) -> list[str]:
    """The terms that this department has not agreed to yet."""
    lineage = book.glossary.glossary.lineage(department)
    return [
        id_
        for id_, gist in book.gists.items()
        if lineage and gist.status != "deprecated" and gist.approved.isdisjoint(lineage)
    ]
