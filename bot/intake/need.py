"""The need in a sentence that also names a tool: "…, damit wir *Leads automatisch qualifizieren* können".

First by what joins the two (damit, um … zu, weil, so that, to, because), then by what enables
("mit X könnten wir …", "X would let us …"), then the parts of the message that name no tool.
The person may change it, so the words stay theirs. What only says why ("because nobody finds the
briefings") is a need, but no aim: it does not tell what one can do afterwards.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

MOST = 300  # characters of a need: a sentence of `capabilities.yaml` has as many
_READ = 1_500  # characters in which a need is looked for
_MOST_JOINS = 8  # joining words that are tried
_FEWEST = 2  # words of a need
_WORDS_OF_A_PART = 4
_OBJECT = 3  # words behind "könnten wir" in which its object begins

Span = tuple[int, int]

_EDGES = " ,.;:!?–—-"
_SENTENCE = re.compile(r"(?<=[.!?])\s|\s[–—]\s|;")
_PART = re.compile(r"(?<=[.!?;:])\s+|\s[–—-]\s|\s?(?:=>|->|⇒|→)\s?")
_JOIN = re.compile(
    r"""\b(?:
      (?P<infinitive>(?<!bitte\ )(?<!bitten\ )(?<!ersuchen\ )um|in\ order\ to|so\ as\ to)
    | (?P<clause>damit|sodass|so\ dass|auf\ dass)|so\ that|in\ order\ that|zwecks
    | (?P<reason>weil|denn|zumal|da(?=\s\w+\s)|nachdem|because|since|due\ to|b/c|bc|cause|given\ that
      | sonst|otherwise|andernfalls|wegen|aufgrund)
    )\b[,:]?\s""",
    re.IGNORECASE | re.VERBOSE,
)
_ENABLES = re.compile(
    r"""\b(?:
      (?:könnt?e?n?|koennt?e?n?|würden?|wuerden?|müssten?|muessten?)
        \s(?:wir|ich|man|(?:unsere?|die|der)\s\w{1,30})
    | (?:would|could|will|can)\s(?:let|allow|enable|help|save)
        \s(?:us|me|them|(?:the|our)\s\w{1,30})(?:\sto)?
    | (?:let|lets|allows|enables|helps)\s(?:us|me|(?:the|our)\s\w{1,30})(?:\sto)?
    | (?:we|i|they)(?:'d|\s(?:could|would|can))(?!\s(?:like|love|want|need|be\s(?:happy|glad|grateful)))
    )\s""",
    re.IGNORECASE | re.VERBOSE,
)
_HANGS_ON = re.compile(
    r"""\s{0,2}[^\s,]{0,3},?\s{0,2}(?:
      (?:mit|über|durch|in|auf|bei)\s(?:dem|der|denen|das) | das|der|die|welche[rs]?|womit|worüber|wo
    | that|which|where|to(?!\s(?:the|our|my|a)\b)|so|for|zum|zur|für
    )\s""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING = re.compile(r"^(?:und|aber|denn|also|dann|so|and|but|then|endlich|finally)\s+", re.IGNORECASE)
_SUBJECT = re.compile(r"^(?:wir|ich|man|we|i|they)\s+", re.IGNORECASE)
_CLOSING = re.compile(
    r"\s(?:können|könnten|kann|könnte|koennen|koennten|müssen|muss|muessen|wollen|will|möchten?)$",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"^(?!.*\b(?:nicht|kein\w*|nie|nothing|never|not)\b)"
    r"(?:(?:want|need|would like|'d like) to\s.+|.*\s(?:wollen|will|möchten?|müssen|muss))$",
    re.IGNORECASE,
)
_WANT_TO = re.compile(r"^(?:want|need|would like|'d like) to\s+", re.IGNORECASE)
_VERB_FIRST = re.compile(
    r"^(könnt?en?|kann|würden?|müssten?)\s((?:(?:der|die|das|unsere?|alle)\s)?\w+)\s", re.IGNORECASE
)
_GETTING = re.compile(
    r"\s(?:bekommen|kriegen|haben|erhalten|anschaffen|beschaffen|kaufen|einführen)$", re.IGNORECASE
)
_PREFIX = (
    "ab|an|auf|aus|bei|dar|dazu|durch|ein|fest|fort|frei|her|heraus|hinzu|los|mit|nach|nieder|sicher|um|vor|"
    "voran|vorbei|weg|weiter|wieder|zu|zurück|zusammen|bereit|kennen|statt|teil|hoch|herunter|gegenüber"
)
_ZU = re.compile(
    rf"\b((?:{_PREFIX}))zu([a-zäöüß]{{2,20}}n)\b|\bzu (?!den\b|einen\b)([a-zäöüß]{{2,30}}n)\b(?!\s[A-ZÄÖÜ])"
)
_POLITE = re.compile(
    r"""^(?:hallo|hi|hey|hello|dear|liebe|sehr\ geehrte|guten|good|danke|thanks|thank|bitte|please|lg|vg|mfg
    |best|beste|viele|kind|regards|cheers|gruss|grüße|grüsse|mit\ freundlichen)\b[^.!?]{0,60}$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Need:
    """A stated need. `aim`: as a sentence for the request; empty if the need only says why."""

    text: str
    aim: str


def stated_need(text: str, tools: Sequence[Span]) -> Need | None:
    """The need of a message; `tools`: where what is wished stands. None if none is found."""
    text = text[:_READ]
    names = [name for start, end in tools if (name := text[start:end])]
    needs = (_need(clause, kind) for clause, kind in _ways(text, tools, names))
    return next((need for need in needs if len(need.text.split()) >= _FEWEST), None)


def _need(clause: str, kind: str) -> Need:
    text = _tidy(clause)
    ours = _SUBJECT.sub("", text)
    is_ours = ours != text
    text = _tidied(ours) if is_ours else _VERB_FIRST.sub(r"\2 \1 ", text)
    text = text if len(text) <= MOST else text[: MOST - 1].rstrip() + "…"
    if kind == "reason" and not (is_ours and _WANTS.match(ours)):
        return Need(text, "")
    aim = f"Wir möchten, dass {text}"[:MOST] if kind == "clause" and not is_ours else text
    return Need(text, aim[:1].upper() + aim[1:])


def _tidied(ours: str) -> str:
    """Without "want to" and "… können" of what we do; what others can do needs its verb."""
    return _CLOSING.sub("", _WANT_TO.sub("", ours)).strip(_EDGES)


def _ways(text: str, tools: Sequence[Span], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where the need may stand, the likeliest first, and what joins it with the rest."""
    yield _joined(text, names)
    if names and (found := _ENABLES.search(text)):
        clause = _clause(text[found.end() :], names)
        if not any(name in " ".join(clause.split()[:_OBJECT]) for name in names):  # "could we get X"
            yield clause, "aim"
    for _, end in tools:
        if found := _HANGS_ON.match(text, end):
            yield _GETTING.sub("", _clause(text[found.end() :], ()).strip(_EDGES)), "aim"
    yield _without_tools(_PART.split(text), names), "aim"
    yield _without_tools(text.split(", "), names), "aim"


def _joined(text: str, names: Sequence[str]) -> tuple[str, str]:
    """The clause behind a word like damit, um, weil, so that, because."""
    for found in islice(_JOIN.finditer(text), _MOST_JOINS):
        clause = _clause(text[found.end() :], names)
        if found["infinitive"] is None or found["infinitive"].lower() != "um":
            return clause, next((kind for kind in ("clause", "reason") if found[kind]), "aim")
        if infinitive := _ZU.search(clause):
            comma = clause.find(", ", infinitive.end())
            return _without_zu(clause[:comma] if comma > 0 else clause), "aim"
    return "", "aim"


def _without_zu(clause: str) -> str:
    """ "Kunden anzuschreiben" is "Kunden anschreiben" as a need of its own."""
    return _ZU.sub(lambda match: "".join(filter(None, match.groups())), clause)


def _without_tools(parts: Sequence[str], names: Sequence[str]) -> str:
    """The parts of the message in which no tool is named, without greetings and single words."""
    kept = [
        part.strip(_EDGES)
        for part in parts
        if not any(name in part for name in names) and len(part.split()) >= _WORDS_OF_A_PART
    ]
    return ". ".join(part for part in kept if not _POLITE.match(part)) if len(parts) > 1 else ""


def _clause(text: str, names: Sequence[str]) -> str:
    """Up to the end of the sentence, or to the comma before the part that names the tool."""
    clause = _SENTENCE.split(text, maxsplit=1)[0]
    first = min((at for name in names if (at := clause.find(name)) >= 0), default=-1)
    comma = clause.rfind(", ", 0, first) if first > 0 else -1
    return clause[:comma] if comma > 0 else clause


def _tidy(clause: str) -> str:
    clause = clause.strip(_EDGES)
    while (shorter := _OPENING.sub("", clause)) != clause:
        clause = shorter
    return clause
