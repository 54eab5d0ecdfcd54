"""The queue: what is due, whose it is, the words by which requests are found; who is away."""

import re

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_WORD = re.compile(r"[^\W_]+")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_UNASSIGNED, _DUE = sa.text("assignee IS NULL"), sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column('request', sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.execute(
        "UPDATE request SET due_at = (SELECT min(promise.due_at) FROM promise"
        " WHERE promise.request = request.id AND ended_at IS NULL AND left_seconds IS NULL)"
    )
    op.drop_index('ix_request_assignee', 'request')
    op.create_index('ix_request_assigned', 'request', ['assignee', 'state', 'id'])
    op.create_index('ix_request_team', 'request', ['team', 'state', 'id'])
    op.create_index('ix_request_unassigned', 'request', ['team', 'state', 'id'],
    sqlite_where=_UNASSIGNED, postgresql_where=_UNASSIGNED)
    op.create_index('ix_request_due', 'request', ['team', 'due_at', 'id'],
    sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_table('request_word',
    sa.Column('team', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('word', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('request', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['request'], ['request.id'], name=op.f('fk_request_word_request_request')),
    sa.PrimaryKeyConstraint('team', 'word', 'request', name=op.f('pk_request_word'))
    )
    op.create_index('ix_request_word_request', 'request_word', ['request'])
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('deputy', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence')),
    sa.UniqueConstraint('person', name=op.f('uq_absence_person'))
    )
    op.create_index('ix_absence_deputy', 'absence', ['deputy'])
    _remember_words()


def _remember_words() -> None:
    """What was sent before is found by its title."""
    bind = op.get_bind()
    words = sa.table('request_word', sa.column('team'), sa.column('word'), sa.column('request'))
    for number, team, title in bind.execute(sa.text("SELECT id, team, title FROM request")).all():
        folded = title.casefold().translate(_FOLD)
        found = dict.fromkeys(word[:40] for word in _WORD.findall(folded))
        if found:
            rows = [{"team": team, "word": word, "request": number} for word in found]
            bind.execute(words.insert(), rows)
