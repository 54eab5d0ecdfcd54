"""The need in a sentence that also names a tool: "…, damit wir *Leads automatisch qualifizieren* können".

First by what joins the two (damit, um … zu, weil, so that, to, because), then by what enables
("mit X könnten wir …", "X would let us …"), then the parts of the message that name no tool.
The person may change it, so the words stay theirs.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

MOST = 300  # characters of a need: a sentence of `capabilities.yaml` has as many
_READ = 1_500  # characters in which a need is looked for
_MOST_JOINS = 8  # joining words that are tried
_FEWEST = 2  # words of a need
_WORDS_OF_A_PART = 4

Span = tuple[int, int]

_EDGES = " ,.;:!?–—-"
_SENTENCE = re.compile(r"(?<=[.!?])\s|\s[–—]\s|;")
_PART = re.compile(r"(?<=[.!?;:])\s+|\s[–—-]\s|\s?(?:=>|->|⇒|→)\s?")
_JOIN = re.compile(
    r"""\b(?:
      (?P<infinitive>um|in\ order\ to|so\ as\ to)
    | damit|sodass|so\ dass|auf\ dass|so\ that|in\ order\ that
    | weil|denn|zumal|da(?=\s\w+\s)|nachdem|because|since|due\ to|b/c|bc|cause|given\ that
    | sonst|otherwise|andernfalls|zwecks|wegen|aufgrund
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
_OPENING = re.compile(
    r"^(?:und|aber|denn|also|dann|so|and|but|then|endlich|finally|wir|ich|man|we|i|they)\s+", re.IGNORECASE
)
_CLOSING = re.compile(
    r"\s(?:können|könnten|kann|könnte|koennen|koennten|müssen|muss|muessen|wollen|will)$", re.IGNORECASE
)
_ZU = re.compile(r"\b(\w{2,20}?)zu(\w{3,20}en)\b|\bzu (\w{1,30}en)\b")
_POLITE = re.compile(
    r"""^(?:hallo|hi|hey|hello|dear|liebe|sehr\ geehrte|guten|good|danke|thanks|thank|bitte|please|lg|vg|mfg
    |best|beste|viele|kind|regards|cheers|gruss|grüße|grüsse|mit\ freundlichen)\b[^.!?]{0,60}$""",
    re.IGNORECASE | re.VERBOSE,
)


def stated_need(text: str, tools: Sequence[Span]) -> str | None:
    """The need of a message; `tools`: where what is wished stands. None if none is found."""
    text = text[:_READ]
    names = [name for start, end in tools if (name := text[start:end])]
    needs = map(_tidy, _ways(text, tools, names))
    need = next((need for need in needs if len(need.split()) >= _FEWEST), None)
    return need if need is None or len(need) <= MOST else need[: MOST - 1].rstrip() + "…"


def _ways(text: str, tools: Sequence[Span], names: Sequence[str]) -> Iterator[str]:
    yield _joined(text, names)
    if names and (found := _ENABLES.search(text)):
        yield _clause(text[found.end() :], names)
    for _, end in tools:
        if found := _HANGS_ON.match(text, end):
            yield _clause(text[found.end() :], ())
    yield _without_tools(_PART.split(text), names)
    yield _without_tools(text.split(", "), names)


def _joined(text: str, names: Sequence[str]) -> str:
    """The clause behind a word like damit, um, weil, so that, because."""
    for found in islice(_JOIN.finditer(text), _MOST_JOINS):
        clause = _clause(text[found.end() :], names)
        if found["infinitive"] is None or found["infinitive"].lower() != "um":
            return clause
        if infinitive := _ZU.search(clause):
            comma = clause.find(", ", infinitive.end())
            return _without_zu(clause[:comma] if comma > 0 else clause)
    return ""


def _without_zu(clause: str) -> str:
    """ "Kunden anzuschreiben" is "Kunden anschreiben" as a need of its own."""
    return _ZU.sub(lambda match: "".join(filter(None, match.groups())), clause, count=1)


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
    return _CLOSING.sub("", clause).strip(_EDGES)
