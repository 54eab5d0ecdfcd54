"""Which glossary file was brought in: another one does not take it back."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('glossary_file', sa.Column('path', AutoString(), nullable=False, server_default=''))
