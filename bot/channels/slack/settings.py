"""What an admin sets for Slack. Apart from the channel, whose libraries a start without it needs not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """With an `app_token` Slack is reached by Socket Mode, with a `signing_secret` by HTTP."""

    bot_token: str
    signing_secret: str | None = None
    app_token: str | None = None
    team: str | None = None
    api_url: str = "https://slack.com/api/"
    department_field: str | None = None
    strangers: bool = False
