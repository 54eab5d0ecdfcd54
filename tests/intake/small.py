"""Small flows for the tests: what is not said is made up."""

from typing import Any

from bot.intake.model import Flow

Questions = list[dict[str, Any]]


def flow(*steps: Questions | dict[str, Any], preview: bool = True, **more: Any) -> Flow:
    """A flow with a step (s1, s2 …) per list of questions, or per step."""
    return Flow.model_validate(
        {
            "schema": 1,
            "id": "small",
            "version": 1,
            "languages": ["de"],
            "title": {"de": "Klein"},
            "command": "/request",
            "steps": [_step(f"s{number}", step) for number, step in enumerate(steps, 1)],
            "review": {"preview": preview},
            "routing": {"default": {"queue": "it", "channel": "#it", "assignee": "role:it"}},
            "ticket": {"title": "{q1}"},
        }
        | more
    )


def _step(id_: str, given: Questions | dict[str, Any]) -> dict[str, Any]:
    step = given if isinstance(given, dict) else {"questions": given}
    questions = [_question(one) for one in step["questions"]]
    return {"id": id_, "title": {"de": "Seite"}} | step | {"questions": questions}


def _question(given: dict[str, Any]) -> dict[str, Any]:
    said = {"type": "input", "label": {"de": "Frage"}} | given
    if options := given.get("options"):
        said["options"] = [
            {"value": one, "label": {"de": one.upper()}} if isinstance(one, str) else one for one in options
        ]
    return said
