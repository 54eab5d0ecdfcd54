"""The tools that requests go on to, loaded only where `connectors.yaml` names one."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import Klartext
from bot.app.passing import PassingOn, Plan, Tool
from bot.config import Problem, Settings, WrongSettings
from bot.connectors import file
from bot.connectors.model import Connectors, hook_of, title, variables
from bot.connectors.ports import Course, Ticket
from bot.db.rows import Clock
from bot.i18n import say
from bot.intake.archive import Archive
from bot.intake.ticket import ticket as drawn
from bot.jobs.worker import DEFAULT
from bot.requests.states import OPEN, State
from bot.requests.tables import Request

_DONE = frozenset({State.DELIVERED, State.CONFIRMED})


def add_connectors(klartext: Klartext, settings: Settings, environ: Mapping[str, str]) -> PassingOn | None:
    """The tools of the file, if there are any. Before the playground, which serves all other addresses.

    Raises FileBroken, and WrongSettings for a secret that is missing or none.
    """
    named = file.load(settings.flows / file.FILE)
    if not named.connectors:
        return None
    from bot.app.hooked import Reports  # noqa: PLC0415
    from bot.connectors.hooks import Hooks  # noqa: PLC0415

    tools = tools_of(named, environ, klartext.database.clock)
    passing = PassingOn(
        klartext.database, tools, Plans(klartext), Tickets(klartext, named.source), DEFAULT.attempts
    )
    passing.register(klartext.router)
    reports = Reports(klartext.database, named.connectors, named.source, klartext.clocks.terms)
    secrets = {
        name: environ[hook.secret_env] for name, one in named.connectors.items() if (hook := hook_of(one))
    }
    klartext.routes += Hooks(named.connectors, secrets, reports, klartext.database.clock).routes
    klartext.services.append(_Open(tools))
    return passing


def tools_of(named: Connectors, environ: Mapping[str, str], clock: Clock) -> dict[str, Tool]:
    """The tools of a file, ready to be called. Raises WrongSettings."""
    from bot.connectors.targets import target  # noqa: PLC0415
    from bot.connectors.webhook import BadSecret, signature  # noqa: PLC0415

    if missing := file.missing(named, environ):
        raise WrongSettings(
            [
                Problem("connectors.no_secret", {"variable": one, "name": name})
                for one, name in missing.items()
            ]
        )
    tools: dict[str, Tool] = {}
    problems: list[Problem] = []
    for name, connector in named.connectors.items():
        try:
            made = target(connector, environ, named.source, clock)
            hook = hook_of(connector)
            if hook and connector.type == "webhook":
                signature(environ[hook.secret_env])
        except BadSecret:
            values = {"name": name, "variable": ", ".join(variables(connector).values())}
            problems.append(Problem("connectors.bad_secret", values))
        except OSError as error:
            values = {"name": name, "reason": error.strerror or str(error)}
            problems.append(Problem("connectors.bad_ca", values))
        else:
            tools[name] = Tool(title(name, connector), made, connector.confidential)
    if problems:
        raise WrongSettings(problems)
    return tools


@dataclass(frozen=True, slots=True)
class Plans:
    """Where the requests of a flow go, as the flow says now."""

    klartext: Klartext

    def __call__(self, flow: str) -> Plan:
        """By the id of the flow; nowhere if there is none any more."""
        found = self.klartext.shelf.now.flows.get(flow)
        return Plan(found.ticket.connectors, found.ticket.send_when) if found else Plan()


@dataclass(frozen=True, slots=True)
class Tickets:
    """Requests as tools get them. `source` makes the key of this installation."""

    klartext: Klartext
    source: str

    async def __call__(self, session: AsyncSession, request: Request) -> Ticket:
        """As it stands now, in the writer's language. Raises FlowLost."""
        words = self.klartext.lexicon
        archive = Archive(self.klartext.shelf.now.landscape, words.terms(None), words.departments())
        case, wording = await archive.told(session, request, request.language)
        return Ticket(
            number=request.number,
            label=request.label,
            key=f"{self.source}-req-{request.number}",
            title=request.title,
            language=request.language,
            state=request.state.value,
            state_text=say(request.language, f"request.state.{request.state}"),
            course=_course(request.state),
            markdown=drawn(case, wording),
            use_case=case.data(),
            changed_at=request.changed_at,
        )


@dataclass(frozen=True, slots=True)
class _Open:
    """What the tools keep open (`ports.Service`)."""

    tools: Mapping[str, Tool]

    async def start(self) -> None:
        """Connections are opened when they are needed."""

    async def stop(self) -> None:
        """Close them."""
        for tool in self.tools.values():
            await tool.target.close()


def _course(state: State) -> Course:
    if state in _DONE:
        return "done"
    return "open" if state in OPEN else "dropped"
