"""What connects systems, what is missing, what is already there."""

from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.landscape import Interfaces, Missing, choices, existing, facts, interfaces, namer
from bot.intake.model import Choice
from bot.intake.systems import Landscape
from tests.intake.examples import intake

LANDSCAPE = intake().landscape
CAPABILITIES = intake().capabilities
WORKED = ("evalanche", "typo3", "salesforce", "gotowebinar")


def pairs(links: Any) -> list[tuple[str, str]]:
    return [(link.from_, link.to) for link in links]


def test_the_worked_example() -> None:
    found = interfaces(LANDSCAPE, WORKED)
    assert pairs(found.connected) == [("typo3", "evalanche"), ("evalanche", "salesforce")]
    assert [(one.from_, one.via, one.to, one.direction) for one in found.via] == [
        ("typo3", "evalanche", "salesforce", None)
    ]
    assert [(one.from_, one.to, one.today) for one in found.missing] == [
        ("gotowebinar", "evalanche", "manual")
    ]
    assert found.planned == ()


def test_planned_is_not_missing_and_says_when() -> None:
    found = interfaces(LANDSCAPE, ("salesforce", "sap_s4"))
    assert [(one.from_, one.planned_for) for one in found.planned] == [("salesforce", "2027-Q2")]
    assert found.missing == ()


def test_retired_interfaces_do_not_connect() -> None:
    assert pairs(interfaces(LANDSCAPE, ("cleverreach", "salesforce")).missing) == [
        ("cleverreach", "salesforce")
    ]


def test_via_follows_the_data_and_may_lead_over_a_system_nobody_chose() -> None:
    found = interfaces(LANDSCAPE, ("salesforce", "power_bi"))
    assert [(one.from_, one.via, one.to) for one in found.via] == [("salesforce", "snowflake", "power_bi")]
    fed_by_a_third = interfaces(LANDSCAPE, ("typo3", "shopware"))  # Canto feeds both
    assert fed_by_a_third.via == ()
    assert len(fed_by_a_third.missing) == 1


def test_islands_not_pairs() -> None:
    found = interfaces(LANDSCAPE, ("evalanche", "typo3", "salesforce", "swat_io"))
    assert len(found.missing) == 1


def test_usual_neighbours_join_islands_first() -> None:
    chosen = ("matomo", "usercentrics", "salesforce")
    assert pairs(interfaces(LANDSCAPE, chosen, CAPABILITIES).missing) == [("usercentrics", "salesforce")]
    assert pairs(interfaces(LANDSCAPE, chosen).missing) == [("matomo", "salesforce")]


@pytest.mark.parametrize("chosen", [(), ("evalanche",), ("evalanche", "evalanche"), ("Neues Ding",)])
def test_one_system_misses_nothing(chosen: tuple[str, ...]) -> None:
    assert interfaces(LANDSCAPE, chosen).missing == ()


def test_what_the_landscape_does_not_have_is_unknown() -> None:
    found = interfaces(LANDSCAPE, ("Neues Ding", "evalanche", "Neues Ding"))
    assert found.unknown == ("Neues Ding",)
    assert facts(LANDSCAPE, ("Neues Ding", "gotowebinar"), found) == {
        "interfaces.connected": (),
        "interfaces.planned": (),
        "interfaces.via": (),
        "interfaces.missing": (),
        "interfaces.unknown": ("Neues Ding",),
        "landscape.third_country": ("GoToWebinar",),
    }


def test_facts_name_systems() -> None:
    said = facts(LANDSCAPE, WORKED, interfaces(LANDSCAPE, WORKED))
    assert said["interfaces.missing"] == ("GoToWebinar → Evalanche",)
    assert namer(LANDSCAPE)("gone") == "gone"


def test_already_there_is_live_or_pilot_or_the_heir_of_a_retiring_one() -> None:
    assert [one.system.id for one in existing(LANDSCAPE, "marketing_automation")] == ["evalanche"]
    assert [one.system.id for one in existing(LANDSCAPE, "email_marketing")] == ["evalanche"]
    assert existing(LANDSCAPE, "live_chat") == ()


def test_what_can_be_chosen() -> None:
    landscape = small([{"id": "old", "status": "retired"}, {"id": "new", "name": "Neu"}])
    assert choices(landscape) == (Choice("new", {"": "Neu"}),)


def small(systems: list[dict[str, Any]], links: list[dict[str, Any]] | None = None) -> Landscape:
    """A landscape of which only the important things are given."""
    plain = {
        "category": "crm",
        "owner": "it",
        "status": "live",
        "personal_data": "none",
        "hosting": {"model": "saas", "location": "EU"},
    }
    link = {
        "direction": "one_way",
        "data": {"de": "Daten"},
        "frequency": "daily",
        "method": "api",
        "status": "live",
        "owner": "it",
    }
    return Landscape.model_validate(
        {
            "schema": 1,
            "systems": [plain | {"name": one["id"]} | one for one in systems],
            "interfaces": [link | {"id": f"i{at}"} | one for at, one in enumerate(links or [])],
        }
    )


def test_the_heir_of_a_retiring_system() -> None:
    old = {"id": "old", "status": "retiring", "capabilities": ["crm"], "replaced_by": "new"}
    for status, names in (("live", ["new"]), ("planned", [])):
        there = existing(small([old, {"id": "new", "status": status}]), "crm")
        assert [one.system.id for one in there] == names
        assert all(one.instead_of and one.instead_of.id == "old" for one in there)
    assert existing(small([old | {"replaced_by": "nobody"}]), "crm") == ()


IDS = [f"s{number}" for number in range(6)]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Landscape, tuple[str, ...]]:
    """A random landscape and what somebody chose of it."""
    links = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "from": st.sampled_from(IDS),
                    "to": st.sampled_from(IDS),
                    "direction": st.sampled_from(["one_way", "two_way"]),
                    "method": st.sampled_from(["api", "api", "manual"]),
                    "status": st.sampled_from(["live", "live", "planned", "retired"]),
                }
            ),
            max_size=9,
        )
    )
    chosen = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6))
    return small([{"id": one} for one in IDS], links), tuple(chosen)


def brute_islands(ids: tuple[str, ...], joined: set[frozenset[str]]) -> int:
    """Count islands by walking from each system wherever one can get."""
    seen: list[set[str]] = []
    for id_ in ids:
        reached = {id_}
        for _ in ids:
            reached |= {other for other in ids for one in reached if frozenset({one, other}) in joined}
        if reached not in seen:
            seen.append(reached)
    return len(seen)


@settings(max_examples=400, deadline=None)
@given(graphs())
def test_the_same_as_by_brute_force(graph: tuple[Landscape, tuple[str, ...]]) -> None:
    landscape, ids = graph
    found = interfaces(landscape, ids)
    live = [one for one in landscape.interfaces if one.status == "live" and one.method != "manual"]
    flows = {(one.from_, one.to) for one in live}
    flows |= {(one.to, one.from_) for one in live if one.direction == "two_way"}
    direct = {frozenset(pair) for pair in flows}
    via = {
        (start, end)
        for start, end in permutations(ids, 2)
        if frozenset({start, end}) not in direct
        and any((start, one) in flows and (one, end) in flows for one in IDS)
    }
    assert set(pairs(found.connected)) == {
        (one.from_, one.to) for one in live if {one.from_, one.to} <= set(ids) and one.from_ != one.to
    }
    assert via == {
        pair
        for one in found.via
        for pair in [(one.from_, one.to), *([(one.to, one.from_)] if one.direction else [])]
    }
    planned = {frozenset(pair) for pair in pairs(found.planned)}
    joined = (direct | {frozenset(pair) for pair in via} | planned) & {
        frozenset(pair) for pair in combinations(ids, 2)
    }
    islands = brute_islands(ids, joined)
    assert len(found.missing) == max(islands - 1, 0)
    assert brute_islands(ids, joined | {frozenset(pair) for pair in pairs(found.missing)}) <= 1


@given(graphs())
def test_by_hand_today_is_named_before_anything_made_up(graph: tuple[Landscape, tuple[str, ...]]) -> None:
    landscape, ids = graph
    by_hand = {
        (one.from_, one.to)
        for one in landscape.interfaces
        if one.status == "live" and one.method == "manual"
    }
    for link in interfaces(landscape, ids).missing:
        assert (link.today == "manual") == (link.data is not None)
        assert link.today is None or (link.from_, link.to) in by_hand


def test_it_can_be_written_and_read() -> None:
    found = interfaces(LANDSCAPE, WORKED)
    written = found.model_dump_json(exclude_none=True)
    assert '"from":"gotowebinar"' in written
    assert Interfaces.model_validate_json(written) == found
    assert Missing(from_="a", to="b").model_dump(exclude_none=True) == {"from": "a", "to": "b"}
