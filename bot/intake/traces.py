"""What drafts store about people (`people.records.Traces`)."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.db.unit_of_work import Unit
from bot.intake.tables import Draft


class DraftTraces:
    """Drafts are nobody's business but their author's."""

    async def export(self, session: AsyncSession, people: Sequence[int]) -> dict[str, Any]:
        """All drafts, with what was typed."""
        rows = await session.exec(select(Draft).where(col(Draft.person).in_(people)))
        return {"drafts": [row.model_dump(mode="json") for row in rows.all()]}

    async def forget(self, unit: Unit, people: Sequence[int]) -> None:
        """Delete them."""
        await unit.session.exec(delete(Draft).where(col(Draft.person).in_(people)))
