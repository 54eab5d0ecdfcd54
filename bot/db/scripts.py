"""What needs Alembic: running migrations and writing the next one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script
from sqlalchemy import Connection


def run(connection: Connection, folder: Path) -> None:
    """Run all migrations that the database lacks, in its transaction."""
    command.upgrade(_config(connection, folder), "head")


def compare(connection: Connection, folder: Path, message: str, number: str) -> Path:
    """Write the difference between all imported tables and those of the database as a migration."""
    script = command.revision(_config(connection, folder), message, autogenerate=True, rev_id=number)
    if not isinstance(script, Script):
        raise TypeError("one revision was expected")
    return Path(script.path)


def _config(connection: Connection, folder: Path) -> Config:
    config = Config()  # no alembic.ini
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
