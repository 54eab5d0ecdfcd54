"""Commands that are loaded when they are wanted: SQLAlchemy alone takes longer than `klartext define`."""

from importlib import import_module
from typing import Any, ClassVar

from typer.core import TyperGroup
from typer.main import get_command


class Later(TyperGroup):
    """A group that knows in which module a command stands: the module's `app` is it, or holds it."""

    modules: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, those that are here first."""
        return [*super().list_commands(ctx), *self.modules]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, loaded now if it is one of the later ones."""
        if cmd_name not in self.modules:
            return super().get_command(ctx, cmd_name)
        found: Any = get_command(import_module(self.modules[cmd_name]).app)
        found.name = cmd_name
        return getattr(found, "commands", {}).get(cmd_name, found)
