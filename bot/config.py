"""The settings: environment variables that begin with KLARTEXT_. A wrong one stops the start.

Every setting is described in the README; a test compares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KLARTEXT_"
_GUID = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$"  # or not set
_CENTURY_IN_DAYS = 36_500  # no date leads so far back that it cannot be reckoned with
_TESTS = f"{PREFIX}TEST_"  # what only tests read


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that cannot be used: `key` names the sentence, `values` fill it.

    `wanted` names the sentence for {wanted}, where that is not the same in every language.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    wanted: str = ""


class WrongSettings(Exception):
    """Stop the start and say each problem in a sentence."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.key} {dict(problem.values)}" for problem in problems))
        self.problems = problems


class Settings(BaseSettings):
    """What an admin decides. The descriptions stand in the README."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    env: Literal["development", "production"] = Field(
        default="production", description="development allows what needs no credential"
    )
    database_url: str = Field(
        default="sqlite:///klartext.db", repr=False, description="sqlite:///FILE or postgresql://…"
    )
    processes: int = Field(default=1, ge=1, description="how many processes share the database, 1 or more")
    glossary: Path = Field(default=Path("glossary.yaml"), description="the glossary file")
    flows: Path = Field(default=Path("intake_flows"), description="folder with flows and roles.yaml")
    question_models: Path | None = Field(default=None, description="folder with weights of your own")
    coach_words: Path | None = Field(default=None, description="words of your own for the coach (YAML)")
    coach_models: Path | None = Field(default=None, description="folder with weights of your own")
    keep_lookups_days: int = Field(
        default=400,
        ge=1,
        le=_CENTURY_IN_DAYS,
        description="for how many days look-ups are counted, 1 to 36500",
    )
    keep_keys_hours: int = Field(
        default=72,
        ge=1,
        le=_CENTURY_IN_DAYS * 24,
        description="for how many hours a repeated event is recognised, 1 to 876000; "
        "finished jobs stay as long",
    )
    slack_bot_token: str | None = Field(
        default=None,
        repr=False,
        pattern=r"^(xoxe\.)?xoxb-\S+$",
        description="the bot's token of the Slack app, xoxb-…",
    )
    slack_signing_secret: str | None = Field(
        default=None, repr=False, description="the signing secret of the Slack app, for HTTP"
    )
    slack_app_token: str | None = Field(
        default=None,
        repr=False,
        pattern=r"^xapp-\S+$",
        description="the app-level token, xapp-…, for Socket Mode",
    )
    slack_team_id: str | None = Field(
        default=None, pattern=r"^[TE][A-Z0-9]+$", description="the workspace, T…, or organisation, E…"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        pattern=r"^https?://\S+$",
        description="where Slack's Web API is, https://…",
    )
    slack_department_field: str | None = Field(
        default=None,
        pattern=r"^X[A-Za-z0-9]+$",
        description="id of the profile field with the department, Xf…",
    )
    slack_connect: bool = Field(
        default=False, description="true to answer people of other companies in shared channels"
    )
    teams_app_id: str = Field(
        default="", pattern=_GUID, description="the application id of the bot, a GUID"
    )
    teams_app_password: str = Field(default="", repr=False, description="client secret of that app")
    teams_tenant_id: str = Field(
        default="", pattern=_GUID, description="the id of your tenant, a GUID; no other is let in"
    )
    teams_anonymous: bool = Field(
        default=False, description="true lets Microsoft's local test client in without a check"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="how much is logged"
    )


def load_settings(environ: Mapping[str, str], **given: Any) -> Settings:
    """The settings of an environment; `given` wins. Raises WrongSettings."""
    named = {name.upper(): value for name, value in environ.items() if name.upper().startswith(PREFIX)}
    problems = [_unknown(name) for name in named if _field(name) not in Settings.model_fields]
    problems = [problem for problem in problems if not problem.values["name"].startswith(_TESTS)]
    values = {_field(name): value for name, value in named.items() if value.strip()}
    known = {name: value for name, value in values.items() if name in Settings.model_fields}
    try:
        settings = Settings.model_validate({**known, **given})
    except ValidationError as errors:
        problems += [_wrong(error) for error in errors.errors()]
    else:
        problems += [*_half_slack(settings), *_contradictions(settings)]
    if problems:
        raise WrongSettings(problems)
    return settings


def check_paths(settings: Settings) -> None:
    """What somebody has named must be there; what is looked for by default may be missing.

    Raises WrongSettings.
    """
    wanted = {"glossary": settings.glossary.is_file, "flows": settings.flows.is_dir}
    missing = [
        name for name, is_there in wanted.items() if name in settings.model_fields_set and not is_there()
    ]
    if missing:
        raise WrongSettings([_no_path(name, getattr(settings, name)) for name in missing])


def setting_name(name: str) -> str:
    """How an admin writes a setting."""
    return f"{PREFIX}{name.upper()}"


def _half_slack(settings: Settings) -> list[Problem]:
    """Slack needs the bot's token, and a way to reach us; or nothing at all."""
    set_ = settings.model_fields_set
    if not any(name.startswith("slack_") and getattr(settings, name) for name in set_):
        return []
    if settings.slack_bot_token is None:
        return [Problem("slack.half", {"name": setting_name("slack_bot_token")})]
    if settings.slack_signing_secret is None and settings.slack_app_token is None:
        return [Problem("slack.half_way")]
    return []


def _contradictions(settings: Settings) -> Iterator[Problem]:
    """What does not go together, a sentence each."""
    parts = ("teams_app_id", "teams_app_password", "teams_tenant_id")
    missing = [setting_name(part) for part in parts if not getattr(settings, part)]
    if settings.teams_anonymous and len(missing) < len(parts):
        yield Problem("settings.teams_anonymous_with_app")
    if settings.teams_anonymous and settings.env == "production":
        yield Problem("settings.teams_anonymous_production")
    if not settings.teams_anonymous and 0 < len(missing) < len(parts):
        yield Problem("settings.teams_half", {"missing": ", ".join(missing)})


def _no_path(name: str, path: Path) -> Problem:
    return Problem(f"settings.no_{name}", {"name": setting_name(name), "path": str(path)})


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _unknown(name: str) -> Problem:
    known = [setting_name(field_name) for field_name in Settings.model_fields]
    near = get_close_matches(name, known, 1)
    if near:
        return Problem("settings.unknown_meant", {"name": name, "hint": near[0]})
    return Problem("settings.unknown", {"name": name})


def _wrong(error: Any) -> Problem:
    name = str(error["loc"][0])
    values = {"name": setting_name(name)}
    if choices := error.get("ctx", {}).get("expected"):
        return Problem(
            "settings.wrong", {**values, "wanted": choices.replace("'", "").replace(" or ", ", ")}
        )
    return Problem("settings.wrong", values, f"settings.wanted.{name}")
