"""How places and accounts are reached: kept in memory, written when an event says something new."""

from dataclasses import fields, replace

from sqlalchemy import ColumnElement, case
from sqlmodel import col, select

from bot.chat.ports import Address
from bot.db.rows import insert
from bot.db.unit_of_work import Database
from bot.people.directory import REVISION
from bot.people.tables import AddressRow

_PARTS = tuple(field.name for field in fields(Address) if field.name != "id")
_MOST = 20_000  # addresses kept in memory, about 10 MB


class AddressBook:
    """`ports.Addresses`. A conversation that goes on costs no write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[tuple[str, str], Address] = {}
        database.listen(REVISION, self._known.clear)  # somebody may have been forgotten

    async def remember(self, channel: str, address: Address) -> None:
        """Keep what is known; what is empty stays as it was. Raises DatabaseUnavailable."""
        known = self._known.get((channel, address.id))
        merged = _merged(known, address) if known else address
        if merged == known:
            return
        await self._write(channel, address)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[channel, address.id] = merged

    async def find(self, channel: str, of: str) -> Address | None:
        """The newest address, whichever process has heard it. Raises DatabaseUnavailable."""
        wanted = select(AddressRow).where(AddressRow.channel == channel, AddressRow.external == of)
        async with self._database.reading() as session:
            row = (await session.exec(wanted)).first()
        return Address(row.external, **{part: getattr(row, part) for part in _PARTS}) if row else None

    async def _write(self, channel: str, address: Address) -> None:
        async with self._database.unit() as unit:
            values = {part: getattr(address, part) for part in _PARTS} | {"seen_at": unit.database.clock()}
            row = insert(unit.session, AddressRow).values(channel=channel, external=address.id, **values)
            newer = {name: _unless_empty(name, row.excluded[name]) for name in _PARTS}
            row = row.on_conflict_do_update(
                index_elements=["channel", "external"],
                set_={**newer, "seen_at": row.excluded.seen_at},
            )
            await unit.session.exec(row)
            await unit.commit()


def _merged(known: Address, heard: Address) -> Address:
    said = {part: value for part in _PARTS if (value := getattr(heard, part))}
    return replace(known, **said)


def _unless_empty(name: str, heard: ColumnElement[str]) -> ColumnElement[str]:
    return case((heard == "", col(getattr(AddressRow, name))), else_=heard)
