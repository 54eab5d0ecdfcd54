"""Which version of a request an event made; a message leads to the request whose card it is."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('request_event', sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
    op.create_index('ix_request_card_message', 'request_card', ['channel', 'place', 'message'])
