"""Forms as HTML: every question with its label, its hint and its error, whatever kind it is. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot.channels.playground.people import PEOPLE
from bot.channels.playground.render import (
    Frame,
    confirmed_html,
    element_html,
    new_key,
    submit_html,
)
from bot.channels.playground.store import OpenForm
from bot.chat.answers import initial
from bot.chat.ui import (
    AnyInput,
    Bullets,
    Button,
    ChoiceInput,
    DateInput,
    Divider,
    Expandable,
    Facts,
    Form,
    FormElement,
    LinesInput,
    Option,
    PersonInput,
    SearchInput,
    Table,
    Text,
    TextInput,
)
from bot.i18n import say

ANSWER = "answer."  # before the id of a question: what a client sends under it is an answer
TYPED = "typed."  # before the id of a search field: what somebody types to find something
_EMPTY = Markup("")
_RADIOS = 7  # more options than these become a list to choose from
_FOUND = 20  # of the options that a search field has shown, those that a page without the script offers


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands in the open form."""

    input: AnyInput
    id: str
    given: tuple[str, ...]
    error: str
    language: str
    url: str
    form: str
    offered: Mapping[str, str]

    @property
    def name(self) -> str:
        return ANSWER + self.input.id

    def attributes(self) -> Markup:
        """Name, description, error and whether it must be answered."""
        about = [self.id + "-hint"] if self.input.hint else []
        about += [self.id + "-error"] if self.error else []
        parts = [Markup('aria-describedby="{}"').format(" ".join(about))] if about else []
        parts += [Markup('aria-invalid="true"')] if self.error else []
        parts += [Markup('aria-required="true"')] if self.input.required else []
        parts += [Markup("data-live")] if self.input.live else []
        return Markup(" ").join(parts)


def form_html(shown: OpenForm, url: str, language: str) -> Markup:
    """The inside of the window in which a form stands."""
    form = shown.form
    return Markup(
        '<form method="post" action="{url}/form" class="questions" novalidate data-form="{id}">'
        '<input type="hidden" name="form" value="{id}"><input type="hidden" name="key" value="{drawing}">'
        '<button type="submit" class="default" tabindex="-1" aria-hidden="true"></button>'
        '<header><h2 id="dialog-title" dir="auto">{title}</h2></header>'
        '<div class="page">{general}{page}</div>'
        '<footer>{own}<span class="ends">{cancel}{submit}</span></footer></form>'
    ).format(
        url=url,
        id=shown.id,
        drawing=shown.drawing,
        title=form.title,
        general=_general(shown),
        page=_EMPTY.join(_elements(shown, url, language)),
        own=_EMPTY.join(_own(button, language) for button in form.buttons),
        submit=Markup('<button type="submit" class="button primary">{}</button>').format(form.submit),
        cancel=_cancel(form.cancel, url),
    )


def sample_html(form: Form, first: int, language: str) -> Markup:
    """The questions of a form, and its buttons, for reading only; `first` keeps ids unique on the page."""
    shown = OpenForm("", "", "", form)
    labels = (*(button.label for button in form.buttons), form.cancel, form.submit)
    buttons = (
        Markup('<button type="button" class="button plain">{}</button>').format(one) for one in labels
    )
    return Markup(
        '<fieldset class="sample" disabled><legend class="words">{}</legend>{}'
        '<div class="buttons">{}</div></fieldset>'
    ).format(form.title, _EMPTY.join(_elements(shown, "", language, first)), _EMPTY.join(buttons))


def _cancel(label: str, url: str) -> Markup:
    return Markup(
        '<button type="submit" class="button plain" formaction="{}/close" data-close>{}</button>'
    ).format(url, label)


def _own(button: Button, language: str) -> Markup:
    shown = submit_html(button, "button")
    return confirmed_html(button, shown, new_key(), language) if button.confirm else shown


def _general(shown: OpenForm) -> Markup:
    """Errors that belong to no question of this page."""
    known = {element.id for element in shown.form.elements if isinstance(element, AnyInput)}
    sentences = [sentence for id_, sentence in shown.errors.items() if id_ not in known]
    return _EMPTY.join(Markup('<p class="error" role="alert">{}</p>').format(text) for text in sentences)


def _elements(shown: OpenForm, url: str, language: str, first: int = 0) -> Iterator[Markup]:
    for at, element in enumerate(shown.form.elements, first):
        yield _element(element, at, shown, url, language)


def _element(element: FormElement, at: int, shown: OpenForm, url: str, language: str) -> Markup:
    match element:
        case Text() | Bullets() | Facts() | Table() | Divider() | Expandable():
            return element_html(element, Frame(language))
        case _:
            given = shown.answers.get(element.id, initial(element))
            asked = Asked(
                element,
                f"q{at}",
                (given,) if isinstance(given, str) else given,
                shown.errors.get(element.id, ""),
                language,
                url,
                shown.id,
                shown.offered.get(element.id, {}),
            )
            return _question(asked)


def _question(asked: Asked) -> Markup:
    match asked.input:
        case TextInput():
            return _labelled(asked, _text(asked, asked.input))
        case LinesInput(placeholder=placeholder):
            control = Markup(
                '<textarea id="{}" name="{}" rows="4" placeholder="{}" dir="auto" {}>\n{}</textarea>'
            )
            values = (asked.id, asked.name, placeholder, asked.attributes(), _first(asked.given))
            return _labelled(asked, control.format(*values))
        case DateInput():
            control = Markup('<input type="date" id="{}" name="{}" value="{}" {}>')
            return _labelled(
                asked, control.format(asked.id, asked.name, _first(asked.given), asked.attributes())
            )
        case ChoiceInput(options=options, several=several):
            return _choice(asked, options, several)
        case PersonInput(several=several):
            people = tuple(Option(person.id, person.name) for person in PEOPLE.values())
            return _choice(asked, people, several)
        case SearchInput():
            return _labelled(asked, _search(asked, asked.input))


def _text(asked: Asked, question: TextInput) -> Markup:
    """Always a line of text for the browser: a number may be typed as people write it."""
    keyboard = {"text": "text", "number": "decimal", "email": "email", "url": "url"}[question.kind]
    control = Markup(
        '<input type="text" inputmode="{}" id="{}" name="{}" value="{}" placeholder="{}" dir="auto" '
        'autocomplete="off" {}>'
    )
    return control.format(
        keyboard, asked.id, asked.name, _first(asked.given), question.placeholder, asked.attributes()
    )


def _choice(asked: Asked, options: tuple[Option, ...], several: bool) -> Markup:
    if not several and len(options) > _RADIOS:
        return _labelled(asked, _select(asked, options))
    kind = "checkbox" if several else "radio"
    if not several and not asked.input.required:
        options = (Option("", say(asked.language, "playground.form.no_answer")), *options)
    lines = _EMPTY.join(_tick(asked, kind, at, option) for at, option in enumerate(options))
    described = asked.attributes()
    return Markup(
        '<fieldset class="question" tabindex="-1" {}{}><legend>{}{}</legend>{}<div class="ticks">{}</div>{}'
        "</fieldset>"
    ).format(
        described,
        _EMPTY if several else Markup(' role="radiogroup"'),
        asked.input.label,
        _optional(asked),
        _hint(asked),
        lines,
        _error(asked),
    )


def _tick(asked: Asked, kind: str, at: int, option: Option) -> Markup:
    chosen = option.value in asked.given or (not option.value and not any(asked.given))
    live = Markup(" data-live") if asked.input.live else _EMPTY
    return Markup(
        '<label class="tick" dir="auto"><input type="{}" id="{}-{}" name="{}" value="{}"{}{}>'
        "<span>{}</span></label>"
    ).format(
        kind,
        asked.id,
        at,
        asked.name,
        option.value,
        Markup(" checked") if chosen else _EMPTY,
        live,
        option.label,
    )


def _select(asked: Asked, options: tuple[Option, ...]) -> Markup:
    none = Option("", say(asked.language, "playground.form.choose"))
    lines = _EMPTY.join(
        Markup('<option value="{}"{}>{}</option>').format(
            option.value, Markup(" selected") if option.value in asked.given else _EMPTY, option.label
        )
        for option in (none, *options)
    )
    control = Markup('<select id="{}" name="{}" {}>{}</select>')
    return control.format(asked.id, asked.name, asked.attributes(), lines)


def _search(asked: Asked, question: SearchInput) -> Markup:
    """A field with a list of what fits; what was chosen stands above it and can be taken away again.

    Without the script a button searches, and what was found stands below.
    """
    labels = {option.value: option.label for option in question.initial} | dict(asked.offered)
    chosen = (Option(value, labels[value]) for value in asked.given if value in labels)
    found = [Option(*option) for option in asked.offered.items() if option[0] not in asked.given]
    kind = "checkbox" if question.several else "radio"
    return Markup(
        '<div class="search" data-url="{url}/options" data-form="{form}" data-field="{field}" '
        'data-name="{name}" data-none="{none}"{several}><ul class="chosen">{chosen}</ul>'
        '<input type="text" id="{id}" name="{typed}{field}" role="combobox" aria-autocomplete="list" '
        'aria-expanded="false" aria-controls="{id}-list" autocomplete="off" placeholder="{placeholder}" '
        'dir="auto" {attributes}>'
        '<ul class="found" id="{id}-list" role="listbox" aria-label="{label}" hidden></ul>'
        '<noscript><button type="submit" class="button plain" formaction="{url}/look" name="field" '
        'value="{field}">{search}</button><div class="ticks">{found}</div></noscript></div>'
    ).format(
        url=asked.url,
        form=asked.form,
        field=question.id,
        name=asked.name,
        typed=TYPED,
        none=say(asked.language, "playground.form.nothing_found"),
        several=Markup(" data-several") if question.several else _EMPTY,
        chosen=_EMPTY.join(Markup("<li>{}</li>").format(_chosen(asked.name, option)) for option in chosen),
        id=asked.id,
        placeholder=say(asked.language, "playground.form.search"),
        attributes=asked.attributes(),
        label=question.label,
        search=say(asked.language, "playground.form.find"),
        found=_EMPTY.join(_tick(asked, kind, at, option) for at, option in enumerate(found[-_FOUND:])),
    )


def _chosen(name: str, option: Option) -> Markup:
    return Markup(
        '<label><input type="checkbox" name="{}" value="{}" checked><span dir="auto">{}</span></label>'
    ).format(name, option.value, option.label)


def _labelled(asked: Asked, control: Markup) -> Markup:
    return Markup('<div class="question"><label for="{}">{}{}</label>{}{}{}</div>').format(
        asked.id, asked.input.label, _optional(asked), _hint(asked), control, _error(asked)
    )


def _optional(asked: Asked) -> Markup:
    if asked.input.required:
        return _EMPTY
    return Markup(' <span class="optional">{}</span>').format(
        say(asked.language, "playground.form.optional")
    )


def _hint(asked: Asked) -> Markup:
    if not asked.input.hint:
        return _EMPTY
    return Markup('<p class="hint" id="{}-hint" dir="auto">{}</p>').format(asked.id, asked.input.hint)


def _error(asked: Asked) -> Markup:
    if not asked.error:
        return _EMPTY
    return Markup('<p class="error" id="{}-error" dir="auto">{}</p>').format(asked.id, asked.error)


def _first(given: tuple[str, ...]) -> str:
    return given[0] if given else ""
