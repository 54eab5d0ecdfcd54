"""Settings: every one is described, a wrong one is one clear sentence."""

import re
import typing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.failures import sentences
from bot.config import PREFIX, Settings, WrongSettings, check_paths, load_settings, setting_name
from bot.db.rows import now
from bot.i18n import LANGUAGES, say
from bot.i18n import sentences as said
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def problems(environ: dict[str, str], language: str = "en", **given: Any) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        load_settings(environ, **given)
    return sentences(wrong.value, language)


def test_without_settings_there_is_a_file_for_one_process() -> None:
    settings = load_settings({})
    assert (settings.env, settings.database_url) == ("production", "sqlite:///klartext.db")
    assert settings.processes == 1


def test_the_environment_says_otherwise_and_what_is_given_wins() -> None:
    environ = {
        "KLARTEXT_ENV": "development",
        "klartext_processes": "3",
        "KLARTEXT_GLOSSARY": "a/b.yaml",
        "KLARTEXT_LOG_LEVEL": "",
        "KLARTEXT_QUESTION_MODELS": "  ",
        "PATH": "/bin",
    }
    settings = load_settings(environ, log_level="ERROR")
    assert (settings.env, settings.processes, settings.glossary) == ("development", 3, Path("a/b.yaml"))
    assert (settings.log_level, settings.question_models) == ("ERROR", None)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KLARTEXT_ENV", "test", "development, production"),
        ("KLARTEXT_PROCESSES", "0", "how many processes"),
        ("KLARTEXT_PROCESSES", "two", "how many processes"),
        ("KLARTEXT_KEEP_LOOKUPS_DAYS", "1.5", "for how many days"),
        ("KLARTEXT_KEEP_LOOKUPS_DAYS", "999999", "1 to 36500"),
        ("KLARTEXT_KEEP_KEYS_HOURS", "-1", "for how many hours"),
        ("KLARTEXT_KEEP_KEYS_HOURS", "99999999999999", "1 to 876000"),
        ("KLARTEXT_LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_a_value_that_is_wrong_is_said_with_what_is_right(name: str, value: str, said: str) -> None:
    (sentence,) = problems({name: value})
    assert name in sentence
    assert said in sentence
    assert value not in sentence


def test_a_path_that_was_named_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_paths(load_settings({}))  # what is looked for by default may be missing
    (tmp_path / "file").touch()
    right = {"KLARTEXT_GLOSSARY": "file", "KLARTEXT_FLOWS": str(tmp_path)}
    check_paths(load_settings(right))
    wrong = {"KLARTEXT_GLOSSARY": "glosary.yaml", "KLARTEXT_FLOWS": "file"}
    with pytest.raises(WrongSettings) as refused:
        check_paths(load_settings(wrong))
    assert sentences(refused.value, "en") == [
        "KLARTEXT_GLOSSARY names a file that does not exist: glosary.yaml. Check the path.",
        "KLARTEXT_FLOWS names a folder that does not exist: file. Check the path.",
    ]


def test_the_longest_that_one_may_keep_can_be_reckoned_with() -> None:
    longest = load_settings({"KLARTEXT_KEEP_LOOKUPS_DAYS": "36500", "KLARTEXT_KEEP_KEYS_HOURS": "876000"})
    keys, lookups = timedelta(hours=longest.keep_keys_hours), timedelta(days=longest.keep_lookups_days)
    assert now() - keys < now() < now() + keys
    assert now() - lookups < now()


def test_a_wrong_value_is_said_in_german_as_a_whole() -> None:
    (sentence,) = problems({"KLARTEXT_PROCESSES": "two"}, "de")
    assert sentence.endswith("Erwartet: wie viele Prozesse sich die Datenbank teilen, ab 1.")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_what_a_setting_takes_is_said_in_both_languages(name: str) -> None:
    setting = Settings.model_fields[name]
    if typing.get_origin(setting.annotation) is typing.Literal:
        return  # its choices are the same in every language
    german, english = (said(language)[f"settings.wanted.{name}"] for language in LANGUAGES)
    assert english == setting.description != german


def test_a_name_that_is_unknown_is_said_with_what_was_meant() -> None:
    (sentence,) = problems({"KLARTEXT_DATABSE_URL": "postgresql://u:secret@h/d"})
    assert "KLARTEXT_DATABASE_URL" in sentence
    assert "secret" not in sentence
    (sentence,) = problems({"KLARTEXT_COLOUR": "blue"})
    assert "KLARTEXT_COLOUR" in sentence


def test_all_problems_are_said_at_once() -> None:
    assert len(problems({"KLARTEXT_ENV": "x", "KLARTEXT_PROCESSES": "x", "KLARTEXT_X": "1"})) == 3


def test_what_only_tests_read_is_no_setting() -> None:
    assert load_settings({"KLARTEXT_TEST_POSTGRES": "postgresql://h/d"}) == Settings()


def test_the_url_with_its_password_stays_out_of_logs() -> None:
    assert "secret" not in repr(load_settings({"KLARTEXT_DATABASE_URL": "postgresql://u:secret@h/d"}))


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_readme_with_its_default(name: str) -> None:
    (row,) = re.findall(rf"^\| `{setting_name(name)}` \| (.*) \|$", README, re.MULTILINE)
    default = Settings.model_fields[name].default
    assert row.startswith(f"`{default}` |" if default is not None else "– |")


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(rf"`?({PREFIX}[A-Z_]+)", README))
    known = {setting_name(name) for name in Settings.model_fields} | {"KLARTEXT_TEST_POSTGRES"}
    assert named <= known


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert {language: say(language, "settings.unknown", name="X") for language in LANGUAGES}
