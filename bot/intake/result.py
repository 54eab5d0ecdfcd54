"""Makes the use case of a draft. Pure: the same answers, the same bytes, whatever the channel."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import JsonValue

from bot.intake import similar
from bot.intake.conditions import Answer, Fact
from bot.intake.landscape import Interfaces
from bot.intake.model import Flow, Question
from bot.intake.priority import suggested_priority, urgency_of
from bot.intake.rules import Consequences, consequences
from bot.intake.similar import Wanted
from bot.intake.standing import Standing
from bot.intake.state import told
from bot.intake.usecase import COMPUTED, SCHEMA, OpenQuestion, Readiness, Term, UseCase
from bot.intake.wording import Wording


def _never(_text: str) -> bool:
    return False


def build(
    words: Wording,
    now: Standing,
    *,
    number: str,
    requester: str,
    interfaces: Interfaces | None = None,
    terms: Iterable[Term] = (),
    readiness: Readiness | None = None,
    people: Mapping[str, str] | None = None,
    links: Iterable[str] = (),
    confidential: bool = False,
    status: str = "submitted",
    only_hasty: Callable[[str], bool] = _never,
) -> UseCase:
    """The use case of a draft as it stands. `words` has the flow and the writer's language.

    `people` names the persons that are referred to; `interfaces` is the analysis of the systems chosen.
    `only_hasty`: whether the reason for a date is haste and nothing else.
    """
    flow = words.flow
    found = consequences(flow, now)
    tree = _content(flow, now, interfaces, only_hasty)
    owner = next(iter(_texts(tree.get("owner"))), requester)
    chosen = {owner, *_texts(tree.get("stakeholders"))}
    return UseCase.model_validate(
        {
            **{key: part for key, part in tree.items() if part not in ({}, None)},
            "schema": SCHEMA,
            "id": number,
            "flow": flow.id,
            "flow_version": flow.version,
            "language": words.language,
            "status": status,
            "open_questions": [*_unknown(words, now, owner), *_raised(words, now, found, owner)],
            "capability": _capability(now),
            "labels": found.labels,
            "stakeholders_added": [one for one in found.stakeholders if one not in chosen],
            "terms": list(terms),
            "readiness": readiness,
            "routing": {"route": found.route, **found.routing.model_dump()},
            "requester": requester,
            "people": dict(sorted(people.items())) if people else None,
            "links": tuple(links) or None,
            "confidential": confidential or None,
        }
    )


def sought(flow: Flow, now: Standing) -> Wanted:
    """What the use case of a draft wants, without making the rest of it."""
    tree = _content(flow, now)
    hint, landscape = _dict(tree.get("solution_hint")), _dict(tree.get("landscape"))
    category = hint.get("category") or _capability(now)
    text = next((_texts(tree[key])[0] for key in ("requirement", "original_wish") if tree.get(key)), "")
    return similar.sought("", text, _texts(landscape.get("systems")), str(category) if category else None)


def _capability(now: Standing) -> Fact:
    """What it is about, if no tool was wished for."""
    return None if now.facts.get("detected.tool_wish") else now.facts.get("detected.category_id")


def _content(
    flow: Flow,
    now: Standing,
    interfaces: Interfaces | None = None,
    only_hasty: Callable[[str], bool] = _never,
) -> dict[str, JsonValue]:
    """The answers, and what follows from them: the tool, the landscape, the priority."""
    tree = _mapped(flow, now)
    _put(tree, "solution_hint", {**_named_tool(now), **_dict(tree.get("solution_hint"))})
    there = now.facts.get("detected.existing_system_name")
    if there and "existing_fit" in _dict(tree.get("landscape")):
        _put(tree, "landscape.existing_system", str(there))
    if interfaces:
        _put(tree, "landscape.interfaces", interfaces.model_dump(mode="json", exclude_none=True))
    _put(tree, "priority", {**_dict(tree.get("priority")), **_weight(tree, only_hasty)})
    return tree


def _mapped(flow: Flow, now: Standing) -> dict[str, JsonValue]:
    """The answers at the places that their questions map to."""
    tree: dict[str, JsonValue] = {}
    for question in flow.questions:
        if question.maps_to and question.id in now.answers:
            _put(tree, _place(question, question.maps_to), _value(question, now.answers[question.id]))
    return tree


def _place(question: Question, path: str) -> str:
    """Where the answer stands. A path that is ours was refused by the check; the answer is kept apart."""
    parts = path.split(".")
    ours = any(".".join(parts[:length]) in COMPUTED for length in range(1, len(parts) + 1))
    return f"more.{question.id}" if ours else path


def _value(question: Question, answer: Answer) -> JsonValue:
    entries = told(answer)
    return list(entries) if question.several else "".join(entries)


def _put(tree: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    """Set a value at a path. A text that stands in the way becomes the `text` of the part."""
    *ways, last = path.split(".")
    for key in ways:
        part = tree.get(key)
        if not isinstance(part, dict):
            part = tree[key] = {} if part is None else {"text": part}
        tree = part
    tree[last] = value


def _dict(part: JsonValue) -> dict[str, JsonValue]:
    return part if isinstance(part, dict) else {} if part is None else {"text": part}


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _named_tool(now: Standing) -> dict[str, JsonValue]:
    """The tool that the wish names, if it names one: its name, its capability."""
    if not now.facts.get("detected.tool_wish"):
        return {}
    named = {"product": "detected.product", "category": "detected.category_id"}
    return {key: str(fact) for key, name in named.items() if (fact := now.facts.get(name))}


def _weight(tree: Mapping[str, JsonValue], only_hasty: Callable[[str], bool]) -> dict[str, JsonValue]:
    """Urgency, and the priority that impact and urgency suggest; nothing if nobody was asked."""
    impact = str(_dict(tree.get("priority")).get("impact") or "")
    deadline = _dict(tree.get("deadline"))
    if not (impact or deadline):
        return {}
    date, reason = (str(deadline.get(key) or "") for key in ("date", "reason"))
    urgency = urgency_of(date, reason, hasty=only_hasty(reason))
    return {"urgency": urgency, "suggested": suggested_priority(impact, urgency)}


def _unknown(words: Wording, now: Standing, owner: str) -> Iterator[OpenQuestion]:
    for question in now.unknown:
        text = words.text(question.label, now.values)
        ask = _whom(question.unknown_goes_to, owner)
        yield OpenQuestion(question=question.id, text=text, ask=ask, source="unknown")


def _raised(words: Wording, now: Standing, found: Consequences, owner: str) -> Iterator[OpenQuestion]:
    for raised in found.questions:
        text = words.text(raised.text, now.values)
        yield OpenQuestion(text=text, ask=_whom(raised.ask, owner), source="rule")


def _whom(reference: str, owner: str) -> str:
    return owner if reference == "owner" else reference
