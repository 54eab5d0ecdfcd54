"""The need in a sentence that also names a tool: "…, damit wir *Leads automatisch qualifizieren* können".

First by what joins the two (damit, um … zu, weil, so that, to, because), else by what enables
("mit X könnten wir …", "X would let us …"), else the parts of the message that name no tool.
The person may change it, so the words stay theirs.
"""

import re
from collections.abc import Sequence

MOST = 300  # characters; Slack shows no longer hint, and a need is a sentence

Span = tuple[int, int]

_PART = re.compile(
    r"(?<=[.!?;:])\s+|\s+[–—-]+\s+|\s*(?:=>|->|⇒|→)\s*|,\s+(?=(?:denn|weil|da|damit|um|sonst|because|since|so|as)\b)"
)
_JOIN = re.compile(
    r"""\b(?:
      (?P<purpose>damit|sodass|so\ dass|auf\ dass|so\ that|in\ order\ that)
    | (?P<zu>um)(?=\s[^,]*?(?:\bzu\s\w+|\w*zu\w{3,}en\b))
    | (?P<to>in\ order\ to|so\ as\ to)
    | (?P<reason>weil|denn|zumal|da(?=\s\w+\s)|nachdem|because|since|due\ to|b/c|bc|cause|given\ that)
    | (?P<else>sonst|otherwise|andernfalls)
    | (?P<noun>zwecks|wegen|aufgrund)
    )\b[,:]?\s+(?P<rest>.+)""",
    re.IGNORECASE | re.VERBOSE,
)
_ENABLES = re.compile(
    r"""\b(?:
      (?:könnt?e?n?|koennt?e?n?|würden?|wuerden?|müssten?|muessten?)\s(?:wir|ich|man|unsere?\s\w+|die\s\w+|der\s\w+)
    | (?:would|could|will|can)\s(?:let|allow|enable|help|save)\s(?:us|me|the\s\w+|our\s\w+|them)(?:\sto)?
    | (?:let|lets|allows|enables|helps)\s(?:us|me|the\s\w+|our\s\w+)(?:\sto)?
    | (?:we|i|they)(?:'d|\scould|\swould|\scan)(?!\s(?:like|love|want|need|be\s(?:happy|glad|grateful)))
    )\s+(?P<rest>.+)""",
    re.IGNORECASE | re.VERBOSE,
)
_RELATIVE = re.compile(
    r"""^\s*[^\s,]{0,3},?\s*(?:
      (?:mit|über|durch|in|auf|bei)\s(?:dem|der|denen|das)\s
    | (?:das|der|die|welche[rs]?|womit|wo)\s
    | (?:that|which|where)\s | to\s(?!the\b|our\b|my\b|a\b) | so\s | for\s(?=\w+ing\b) | zum\s | zur\s | für\s | for\s
    )(?P<rest>.+)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPENING = re.compile(
    r"^(?:und|aber|denn|also|dann|so|and|but|then|endlich|finally|wir|ich|man|we|i|they)\s+", re.IGNORECASE
)
_CLOSING = re.compile(
    r"[\s,]+(?:können|könnten|kann|könnte|koennen|koennten|müssen|muss|muessen|wollen|will)?[\s.!?…,;:–-]*$",
    re.IGNORECASE,
)
_ZU = re.compile(r"\b(\w{2,}?)zu(\w{3,}en)\b|\bzu (\w+en)\b")
_POLITE = re.compile(
    r"^(?:hallo|hi|hey|hello|dear|liebe|sehr geehrte|guten|good|danke|thanks|thank|bitte|please|lg|vg|mfg|best|"
    r"beste|viele|kind|regards|cheers|gruss|grüße|grüsse|mit freundlichen)\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s|\s[–—]\s|;")
_EDGES = " ,.;:!?–—-"
_FEWEST = 2  # words of a need
_WORDS_OF_A_PART = 4


def stated_need(text: str, tools: Sequence[Span]) -> str | None:
    """The need of a message; `tools`: where what is wished stands. None if none is found."""
    names = [text[start:end] for start, end in tools]
    ways = (
        lambda: _joined(text, names),
        lambda: _enabled(text, names),
        lambda: _without_tools(_PART.split(text), names),
        lambda: _relative(text, tools),
        lambda: _without_tools(text.split(", "), names),
    )
    for way in ways:
        if (need := _tidy(way() or "")) and len(need.split()) >= _FEWEST:
            return need if len(need) <= MOST else need[: MOST - 1].rstrip() + "…"
    return None


def _joined(text: str, names: Sequence[str]) -> str | None:
    """The clause behind a word like damit, um, weil, so that, because."""
    found = _JOIN.search(text)
    if not found:
        return None
    clause = _clause(found["rest"], names)
    if found["zu"] or found["to"]:
        infinitive = _ZU.search(clause)
        comma = clause.find(", ", infinitive.end()) if infinitive else -1
        clause = clause[:comma] if comma > 0 else clause
        clause = _ZU.sub(lambda match: "".join(filter(None, match.groups())), clause, count=1)
    return clause


def _enabled(text: str, names: Sequence[str]) -> str | None:
    """What a tool would make possible: "mit X könnten wir …", "X would let us …"."""
    found = _ENABLES.search(text)
    return _clause(found["rest"], names) if found and names else None


def _relative(text: str, tools: Sequence[Span]) -> str | None:
    """The clause or purpose that hangs on the tool: "ein Tool, das …", "Zapier für …"."""
    clauses = (found["rest"] for _, end in tools if (found := _RELATIVE.match(text[end:])))
    return next((_clause(clause, ()) for clause in clauses), None)


def _without_tools(parts: Sequence[str], names: Sequence[str]) -> str | None:
    """The parts of the message in which no tool is named, without greetings and single words."""
    kept = [
        part.strip(" .!?,;:")
        for part in parts
        if not any(name in part for name in names) and len(part.split()) >= _WORDS_OF_A_PART
    ]
    return ". ".join(part for part in kept if not _POLITE.match(part)) if len(parts) > 1 else None


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
