"""Dead jobs are counted whenever one dies."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_dead', ['dead_at'], unique=False, sqlite_where=sa.text('dead_at IS NOT NULL'), postgresql_where=sa.text('dead_at IS NOT NULL'))
