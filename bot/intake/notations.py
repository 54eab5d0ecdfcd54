"""A use case in the notations that IT works with: EARS, Gherkin, a user story. Plain text, pure.

EARS: "When <trigger>, the <system> shall <action>" (A. Mavin). Gherkin: one step per line, in the words of
the language (cucumber.io/docs/gherkin/languages). The person's own clauses stay as they are: what does
not fit into the grammar of a pattern follows after a colon. What is not known says so.
"""

from bot.i18n import phrases, say
from bot.intake.ticket import by_place, title
from bot.intake.usecase import UseCase
from bot.intake.wording import Wording


def ears(case: UseCase, words: Wording) -> str:
    """The requirement as one EARS sentence."""
    language = words.language
    trigger, clause = _trigger(_part(case, "trigger", language))
    key = "clause" if clause else "phrase"
    return say(language, f"notation.{key}", trigger=trigger, action=_part(case, "action", language))


def story(case: UseCase, words: Wording) -> str:
    """The need as a user story: who, what, why."""
    who = words.names.person(case.owner or case.requester or case.id)
    need = _sentence(case.requirement or case.original_wish or "")
    return say(
        words.language,
        "notation.story",
        who=who,
        requirement=need or _open(words.language),
        benefit=_part(case, "benefit", words.language),
    )


def gherkin(case: UseCase, words: Wording) -> str:
    """One feature with one scenario: systems and data, trigger, action, goal."""
    language = words.language
    trigger, _ = _trigger(_part(case, "trigger", language))
    steps = [
        *_given(case, words),
        ("when", trigger),
        ("then", _part(case, "action", language)),
        ("and", _part(case, "goal", language)),
    ]
    name = title(case, words)
    return "\n".join(
        [
            f"# language: {say(language, 'notation.gherkin')}",
            f"{say(language, 'notation.feature')}: {name}",
            "",
            f"  {say(language, 'notation.scenario')}: {_line(case.requirement or name)}",
            *(f"    {say(language, f'notation.{key}')} {text}" for key, text in steps),
            "",
        ]
    )


def _given(case: UseCase, words: Wording) -> list[tuple[str, str]]:
    """What is the case before: the systems that take part, the kind of data."""
    systems = case.landscape.systems if case.landscape and case.landscape.systems else ()
    data = by_place(case, words).get("privacy.data_class")
    said = []
    if systems:
        named = ", ".join(words.names.system(one) for one in systems)
        said.append(say(words.language, "notation.involved", systems=named))
    if data:
        said.append(say(words.language, "notation.handled", data=data))
    return [("and" if at else "given", one) for at, one in enumerate(said)]


def _part(case: UseCase, key: str, language: str) -> str:
    text = getattr(case.use_case, key) if case.use_case else None
    return _line(text or "") or _open(language)


def _open(language: str) -> str:
    return f"({say(language, 'ticket.open')})"


def _trigger(text: str) -> tuple[str, bool]:
    """The trigger without its conjunction, and whether it had one: "Sobald X geschieht," is a clause."""
    bare = text.rstrip(",;:. ")
    for word in sorted(phrases("intake.when"), key=len, reverse=True):
        if bare.casefold().startswith(f"{word} "):
            return bare[len(word) :].lstrip(), True
    return bare, False


def _sentence(text: str) -> str:
    line = _line(text)
    return line if not line or line.endswith((".", "!", "?", "…")) else f"{line}."


def _line(text: str) -> str:
    return " ".join(text.split())
