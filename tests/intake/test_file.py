"""The folder as the rest of Klartext gets it."""

from pathlib import Path

import pytest

from bot.files.findings import FileBroken
from bot.intake.file import load
from bot.intake.texts import filled, localised, placeholders
from tests.conftest import DATA, ROOT
from tests.intake.folders import FLOW, LANDSCAPE, changed, written


@pytest.mark.parametrize("folder", [ROOT / "intake_flows", DATA / "examples" / "intake_flows"])
def test_the_shipped_and_the_example_folder_load(folder: Path) -> None:
    intake = load(folder)
    assert list(intake.flows) == ["data_request", "marketing_request"]
    assert len(intake.landscape.systems) == 15
    assert intake.capabilities
    assert "marketing_automation" in intake.capabilities.capabilities


def test_everything_that_the_files_say_is_there(tmp_path: Path) -> None:
    intake = load(written(tmp_path))
    wish = intake.flows["wish"]
    assert [question.id for question in wish.questions][:3] == ["wish", "tool", "note"]
    assert [step.id for step in wish.steps] == ["need", "data"]
    systems = wish.question("systems")
    assert systems
    assert (systems.several, systems.drawn_required, systems.limit) == (True, False, 300)
    first = wish.question("wish")
    assert first
    assert (first.several, first.drawn_required, first.limit) == (False, True, 1500)
    assert wish.question("nothing") is None
    step = wish.step("data")
    assert step
    assert wish.step("nothing") is None
    assert step.show_if
    assert intake.landscape.system("mails") is not intake.landscape.system("nothing")


def test_what_connects_and_what_lies_abroad(tmp_path: Path) -> None:
    landscape = load(written(tmp_path)).landscape
    assert [one.id for one in landscape.interfaces if one.connects] == ["mails_crm"]
    assert [one.id for one in landscape.systems if one.third_country] == ["mails"]


@pytest.mark.parametrize(
    ("place", "abroad"), [("CH", False), ("EU", False), ("EEA", False), ("UK", True), ("other", True)]
)
def test_the_eea_and_switzerland_are_no_third_countries(tmp_path: Path, place: str, abroad: bool) -> None:
    text = changed(LANDSCAPE, "location: US", f"location: {place}")
    system = load(written(tmp_path, landscape=text)).landscape.system("mails")
    assert system
    assert system.third_country is abroad


def test_without_a_landscape_it_is_empty(tmp_path: Path) -> None:
    intake = load(written(tmp_path, landscape="", capabilities=""))
    assert intake.landscape.systems == []
    assert intake.capabilities is None


@pytest.mark.parametrize(
    ("changed_files", "codes"),
    [
        ({"wish": changed(FLOW, "type: textarea", "type: textaera")}, ["not_one_of"]),
        ({"wish": "steps: [\n"}, ["open_bracket"]),
        ({"landscape": changed(LANDSCAPE, "location: US", "location: USA")}, ["not_one_of"]),
        (
            {"wish": changed(FLOW, "required: true", "required: true\n        required: true")},
            ["duplicate_key"],
        ),
    ],
)
def test_a_mistake_of_form_stops_it(
    tmp_path: Path, changed_files: dict[str, str], codes: list[str]
) -> None:
    with pytest.raises(FileBroken) as caught:
        load(written(tmp_path, **changed_files))
    assert [finding.code for finding in caught.value.findings] == codes


def test_a_strange_file_does_not_stop_it(tmp_path: Path) -> None:
    assert set(load(written(tmp_path, notes="a: b\n")).flows) == {"wish", "data"}


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileBroken):
        load(tmp_path / "no")


def test_a_text_in_a_language_and_an_address() -> None:
    texts = {"de": "Was willst du?", "de_neutral": "Was fehlt?", "en": "What?"}
    assert localised(texts, "de") == "Was willst du?"
    assert localised(texts, "de", "neutral") == "Was fehlt?"
    assert localised(texts, "en", "neutral") == "What?"
    assert localised(texts, "fr") == "Was willst du?"
    assert localised({}, "de") == ""


def test_what_is_filled_in_is_never_read_as_a_placeholder() -> None:
    assert filled("{a} und {b.c}", {"a": "{b.c}", "b.c": "{a}"}.__getitem__) == "{b.c} und {a}"
    assert list(placeholders("{a} {b.c} {} { a } {A} {{a}}")) == ["a", "b.c", "a"]
