"""Addresses that providers call."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    tenant_table(
        op,
        "callback_endpoint",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_callback_endpoint"),
    )
    op.create_index(
        "uq_callback_endpoint_current",
        "callback_endpoint",
        ["tenant_id", "plugin", "route", "subject"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("callback_endpoint")
