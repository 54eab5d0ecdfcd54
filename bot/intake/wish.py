"""From a message to what is wished: a tool, a need, both, or neither; which products; what they are for.

Deterministic and pure. Names come from lists, intent from small trained models (`notes/intake.md` 3:
names can be listed, ways of saying "I want" cannot). In doubt it says so, and the dialog asks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.intake.features import wish_features
from bot.intake.kinds import Kinds
from bot.intake.models import Models, load_models
from bot.intake.need import Need, stated_need
from bot.intake.phrases import Role
from bot.intake.pieces import normal
from bot.intake.products import Catalogue
from bot.intake.reading import Reading, read
from bot.intake.roles import Roles, only_connects
from bot.intake.senses import Senses
from bot.intake.systems import Capabilities, Landscape, System
from bot.intake.texts import localised
from bot.intake.tokens import MASKS, SOMETHING, purposes_of
from bot.text.language import language_of
from bot.text.linear import Reason

Label = Literal["tool_wish", "mixed", "requirement", "not_wish"]
LABELS: tuple[Label, ...] = ("tool_wish", "mixed", "requirement", "not_wish")
WISHES: frozenset[Label] = frozenset({"tool_wish", "mixed"})
Desk = Literal["access", "incident", "licence"]
DESKS: tuple[Desk, ...] = ("access", "incident", "licence")

# How likely a reading must be before Klartext claims it instead of asking. Chosen on sentences of
# authors that the models were not trained on (`klartext wishes score --left-out`).
SURE_OF_WISH = 0.8
SURE_OF_NEED = 0.6
SURE_OF_NEITHER = 0.55
_SURE_OF_DESK = 0.5
_WORDS_OF_A_LANGUAGE = 3  # words that tell whether a language is known

_WANTED: frozenset[Role] = frozenset({"wished", "candidate"})
_IN_USE = ("live", "pilot")  # what a system is that can be used, the better one first


@dataclass(frozen=True, slots=True)
class Named:
    """A product in a message, under its listed name. `category`: the id of its capability."""

    name: str
    role: Role
    category: str


@dataclass(frozen=True, slots=True)
class Why:
    """What led to the label: probabilities and the features that moved it the most."""

    probabilities: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    maybe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message wants.

    `in_doubt`: ask instead of claiming. `need`: stated beside the tool, so only of a mixed message.
    `capability`: the id behind the wish. `kind`: the kind of tool as it was typed ("CRM"), if no product
    was. `desk`: who helps instead, if it is no wish. `language`: None if the message does not tell.
    `aim`: the need as a sentence, if it tells what one can do afterwards.
    """

    label: Label
    in_doubt: bool = False
    products: tuple[Named, ...] = ()
    need: str | None = None
    capability: str | None = None
    kind: str | None = None
    desk: Desk | None = None
    language: str | None = None
    aim: str = ""
    why: Why = Why()

    @property
    def is_tool_wish(self) -> bool:
        """Whether a tool is wished, with or without a need."""
        return self.label in WISHES

    @property
    def wanted(self) -> tuple[Named, ...]:
        """The products that are wished or would do."""
        return tuple(product for product in self.products if product.role in _WANTED)


class Analyst:
    """Reads messages with one company's lists. Pure; built again when the lists change."""

    def __init__(self, catalogue: Catalogue, kinds: Kinds, models: Models | None = None) -> None:
        self._catalogue, self._kinds = catalogue, kinds
        self._models = models or load_models()
        self._senses, self._roles = Senses(self._models.senses), Roles(self._models.roles)

    def analyse(self, message: str, *, why: bool = False, taken_for: Label | None = None) -> Wish:
        """What the message wants, and if asked for, why; `taken_for`: somebody has said what. Never
        raises; linear in its length.
        """
        reading = read(message, self._catalogue, self._kinds, self._senses)
        if not any(map(str.isalnum, reading.text)):
            return Wish("not_wish")
        model = self._models.wishes
        features = wish_features(reading.tokens, model.vocabulary)
        chances = model.probabilities(features)
        label, in_doubt = (taken_for, False) if taken_for else judged(chances)
        if not taken_for and label in WISHES and only_connects(reading.text, reading.tokens):
            label, in_doubt = "requirement", False
        language = language_of(reading.text)
        in_doubt = in_doubt or (language is None and _is_foreign(reading, model.vocabulary))
        products = self._named(reading, label, not in_doubt)
        need = _need(reading, products) if label == "mixed" else None
        return Wish(
            label,
            in_doubt,
            products,
            need.text if need else None,
            self._capability(reading, products) if label in WISHES else None,
            _kind(reading, products) if label in WISHES else None,
            self._desk(features) if label == "not_wish" else None,
            language,
            need.aim if need else "",
            self._why(reading, features, chances, label) if why else Why(),
        )

    def _named(self, reading: Reading, label: Label, sure: bool) -> tuple[Named, ...]:
        """Each product once; the role that it has first, unless a later one is more than "in use"."""
        roles = self._roles.of(reading.text, reading.tokens, label, sure)
        found: dict[str, Named] = {}
        for mention, role in zip(reading.products, roles, strict=False):
            name = mention.product.name
            if name not in found or found[name].role == "existing":
                found[name] = Named(name, role, mention.product.category)
        return tuple(found.values())

    def _capability(self, reading: Reading, products: Iterable[Named]) -> str | None:
        """What the wish is for: by product or kind, by the purpose of a tool, by what is to be replaced."""
        said = map(self._kinds.purpose, purposes_of(reading.text, reading.tokens))
        replaced = (product.category for product in products if product.role == "rejected")
        return _capability(reading, products) or next(filter(None, said), None) or next(replaced, None)

    def _why(
        self, reading: Reading, features: Sequence[str], chances: Mapping[str, float], label: Label
    ) -> Why:
        return Why(
            {name: chances[name] for name in LABELS},
            tuple(self._models.wishes.reasons(features, label)),
            tuple(mention.product.name for mention in reading.maybe),
        )

    def _desk(self, features: Sequence[str]) -> Desk | None:
        chances = self._models.desks.probabilities(features)
        desk = max(DESKS, key=lambda name: chances[name])
        return desk if chances[desk] >= _SURE_OF_DESK else None


def judged(chances: Mapping[str, float]) -> tuple[Label, bool]:
    """The label, and whether it is in doubt: a wish, a need and neither have a bar each."""
    groups = {
        "wish": (chances["tool_wish"] + chances["mixed"], SURE_OF_WISH),
        "need": (chances["requirement"], SURE_OF_NEED),
        "neither": (chances["not_wish"], SURE_OF_NEITHER),
    }
    group = max(groups, key=lambda name: groups[name][0])
    chance, sure = groups[group]
    labels: dict[str, Label] = {
        "wish": "mixed" if chances["mixed"] > chances["tool_wish"] else "tool_wish",
        "need": "requirement",
        "neither": "not_wish",
    }
    return labels[group], chance < sure


def _is_foreign(reading: Reading, vocabulary: frozenset[str]) -> bool:
    """Whether hardly a word is known: another language, which the models cannot read."""
    words = [token.norm for token in reading.tokens if token.norm[0].isalpha() and token.norm not in MASKS]
    unknown = sum(word not in vocabulary for word in words)
    return len(words) >= _WORDS_OF_A_LANGUAGE and unknown > len(words) / 2


def _need(reading: Reading, products: Iterable[Named]) -> Need | None:
    """The stated need; what is in use may stand in it, what is wished may not.

    If there is none, what is said about the tool that is to go: that tells why, not what for.
    """
    roles = {product.name: product.role for product in products}
    wanted = [(m.start, m.end) for m in reading.products if roles[m.product.name] in _WANTED]
    unwanted = [(m.start, m.end) for m in reading.products if roles[m.product.name] == "rejected"]
    tools = [(kind.start, kind.end) for kind in reading.kinds]
    tools += [(token.start, token.end) for token in reading.tokens if token.kind == "tool"]
    spans = [*wanted, *unwanted, *tools]
    spans = spans or [(token.start, token.end) for token in reading.tokens if token.kind == SOMETHING]
    if found := stated_need(reading.text, sorted(spans)):
        return found
    complaint = stated_need(reading.text, sorted([*wanted, *tools])) if wanted and unwanted else None
    return complaint and replace(complaint, aim="")


def _capability(reading: Reading, products: Iterable[Named]) -> str | None:
    """What the wish is for: of the wished product, of a candidate, of the kind of tool."""
    by_role = {product.role: product.category for product in reversed(tuple(products))}
    kinds = (kind.capability for kind in reading.kinds)
    return by_role.get("wished") or by_role.get("candidate") or next(kinds, None)


def _kind(reading: Reading, products: Iterable[Named]) -> str | None:
    if any(product.role in _WANTED for product in products):
        return None
    return next((kind.text for kind in reading.kinds), None)


def facts(
    wish: Wish, capabilities: Capabilities, landscape: Landscape, language: str
) -> dict[str, bool | str]:
    """The facts `detected.*` that a flow asks by (`notes/intake.md` 3.7); what is not known is missing."""
    found: dict[str, bool | str] = {"detected.tool_wish": wish.is_tool_wish, "detected.kind": wish.label}
    if wish.wanted:
        found["detected.product"] = ", ".join(product.name for product in wish.wanted)
    if wish.need:
        found["detected.need"] = wish.need
        found["detected.suggested_requirement"] = wish.aim or wish.need
    if capability := capabilities.capabilities.get(wish.capability or ""):
        words = capability.words.get(language) or next(iter(capability.words.values()), ())
        found["detected.category_id"] = str(wish.capability)
        found["detected.category"] = next(iter(words), localised(capability.label, language))
        if not wish.aim and capability.requirement:
            found["detected.suggested_requirement"] = localised(capability.requirement, language)
    if wish.is_tool_wish:
        system = existing_system(wish, landscape)
        found["detected.existing_system"] = system is not None
        if system:
            found["detected.existing_system_name"] = system.name
    return found


def existing_system(wish: Wish, landscape: Landscape) -> System | None:
    """What in the landscape already is or does what is wished, and is not to be replaced.

    Live before pilot; of a retiring system only its heir counts (`notes/intake.md` 8).
    """
    wanted = {normal(product.name) for product in wish.wanted}
    unwanted = {normal(product.name) for product in wish.products if product.role == "rejected"}
    same = [system for system in landscape.systems if normal(system.name) in wanted]
    able = [system for system in landscape.systems if wish.capability in system.capabilities]
    usable = (*_usable(same, landscape), *_usable(able, landscape))
    return next((system for system in usable if normal(system.name) not in unwanted), None)


def _usable(systems: Sequence[System], landscape: Landscape) -> Iterator[System]:
    for status in _IN_USE:
        yield from (system for system in systems if system.status == status)
    heirs = (landscape.system(one.replaced_by or "") for one in systems if one.status == "retiring")
    yield from (heir for heir in heirs if heir and heir.status in _IN_USE)
