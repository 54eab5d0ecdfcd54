"""From the file and the secrets to the tools."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.connectors.github import VERSION, GitHubTarget
from bot.connectors.jira import JiraTarget
from bot.connectors.mail import MailTarget
from bot.connectors.model import AnyConnector, GitHub, Jira, Mail, Webhook
from bot.connectors.ports import Target
from bot.connectors.webhook import WebhookTarget
from bot.connectors.wire import Wire


def target(
    connector: AnyConnector, secrets: Mapping[str, str], source: str, clock: Callable[[], datetime]
) -> Target:
    """The tool that a block of the file means. `secrets` is the environment.

    Raises KeyError for a variable that is not set, BadSecret, and OSError for a `ca_file`.
    """
    inside, ca_file = connector.inside_network, connector.ca_file
    match connector:
        case Webhook():
            wire = Wire(connector.url, inside=inside, ca_file=ca_file)
            return WebhookTarget(wire, connector, secrets[connector.secret_env], source, clock)
        case Mail():
            return MailTarget(connector, secrets[connector.password_env] if connector.password_env else "")
        case Jira():
            login = (connector.user, secrets[connector.token_env].strip())
            return JiraTarget(Wire(connector.url, auth=login, inside=inside, ca_file=ca_file), connector)
        case GitHub():
            headers = {**VERSION, "Authorization": f"Bearer {secrets[connector.token_env].strip()}"}
            wire = Wire(connector.api, headers=headers, inside=inside, ca_file=ca_file)
            return GitHubTarget(wire, connector)
