"""Into which request? The most similar open ones are offered, any other by its number."""

import json

from bot.chat.replies import Close
from bot.chat.ui import ChoiceInput
from tests.conftest import DATA
from tests.triage.room import Office, forged, mistakes
from tests.triage.team import Team
from tests.triage.test_told import told
from tests.world import CHANNEL, buttons, form_of, words

CASE = json.loads((DATA / "examples" / "usecase.json").read_text("utf-8"))
OTHER = {
    **CASE,
    "original_wish": "Rechnungen scannen",
    "requirement": "Rechnungen per Post sollen gescannt werden.",
    "solution_hint": None,
    "use_case": {"trigger": "Kommt ein Brief,", "action": "wird er gescannt."},
    "landscape": {"systems": ["sap"]},
}


async def test_the_most_similar_are_offered(team: Team) -> None:
    first = await team.request(use_case=CASE, title="Leads nach dem Webinar")
    await team.request("sven", use_case=OTHER, title="Rechnungen scannen")
    number = await team.request("lena", use_case=CASE, title="Webinar-Leads anrufen")
    form = form_of(await team.world.press("ines", forged("triage.merge", str(number))))
    (choice,) = [one for one in form.elements if isinstance(one, ChoiceInput)]
    assert [option.value for option in choice.options] == [str(first)]
    assert "Leads nach dem Webinar" in choice.options[0].label
    assert set(mistakes(await team.world.submit("ines", form, {"same": "2"}))) == {"same"}
    assert set(mistakes(await team.world.submit("ines", form, {}))) == {"target"}
    assert isinstance(await team.world.submit("ines", form, {"same": str(first)}), Close)
    assert (await team.find(number)).merged_into == first


async def test_a_choice_and_another_number_are_asked_about(team: Team) -> None:
    first = await team.request(use_case=CASE, title="Leads nach dem Webinar")
    other = await team.request("sven", use_case=OTHER, title="Rechnungen scannen")
    number = await team.request("lena", use_case=CASE, title="Webinar-Leads anrufen")
    form = form_of(await team.world.press("ines", forged("triage.merge", str(number))))
    both = {"same": str(first), "target": f"REQ-{other}"}
    assert mistakes(await team.world.submit("ines", form, both)) == {
        "target": "Das sind zwei verschiedene. Nimm entweder eine aus der Liste oder die Nummer."
    }
    assert set(mistakes(await team.world.submit("ines", form, {**both, "target": "die da"}))) == {"target"}
    assert (await team.find(number)).merged_into is None
    twice = {**both, "target": f"req-{first}"}
    assert isinstance(await team.world.submit("ines", form, twice), Close)
    assert (await team.find(number)).merged_into == first


async def test_who_sees_it_may_join_once(team: Team) -> None:
    number = await team.request()
    shown = await team.world.press("sven", forged("request.show", str(number)))
    assert "[Will ich auch]" in words(shown)
    await team.world.press("sven", forged("triage.join", str(number)))
    shown = await team.world.press("sven", forged("request.show", str(number)))
    assert "[Will ich auch]" not in words(shown)
    assert "Dabei: 1" in words(shown)
    assert "[Will ich auch]" not in words(
        await team.world.press("mara", forged("request.show", str(number)))
    )


async def test_who_watches_goes_along_and_may_stop(office: Office) -> None:
    first, second, third = (
        await office.request(),
        await office.request("sven", 8),
        await office.request(draft=9),
    )
    await office.world.press("lena", forged("triage.watch", str(third)))
    await office.do("ivo", third, "Zusammenführen", target=str(second))
    await office.do("ivo", second, "Zusammenführen", target=str(first))
    await office.do("ivo", first, "Annehmen", next_step="Los")
    assert (await told(office, "lena"))[-1].startswith(f"REQ-{first} is accepted.")
    shown = await office.world.press("lena", forged("request.show", str(first)))
    await office.world.press("lena", buttons(shown)["Stop watching"])
    before = len(await told(office, "lena"))
    await office.do("ivo", first, "Ausliefern", effect="Besser")
    assert len(await told(office, "lena")) == before


async def test_where_from_stands_with_both(office: Office) -> None:
    first, second = await office.request(), await office.request("sven", 8)
    await office.do("ivo", second, "Zusammenführen", target=str(first))
    newest = [(await office.history(number))[-1] for number in (second, first)]
    assert [(event.kind, event.channel) for event in newest] == [("merge", CHANNEL), ("merged_in", CHANNEL)]
