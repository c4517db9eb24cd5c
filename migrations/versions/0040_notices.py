"""Notices: the brand's words for them."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0040"
down_revision = "0033"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _template()


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _template() -> None:
    table = "notice_template"
    tenant_table(
        op,
        table,
        _tenant_id(),
        *_text("kind", "language", "title", "body"),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "language", name=f"pk_{table}"),
    )


def downgrade() -> None:
    op.drop_table("notice_template")
