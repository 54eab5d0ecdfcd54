"""The channel in which somebody wrote on a draft last."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('draft', sa.Column('channel', AutoString(), nullable=False, server_default=''))
