"""Slots that take so many orders and no more."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    tenant_table(
        op,
        "slot",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "starts_at", "store_id", "kind", name="pk_slot"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_slot_tenant_id_store_id"
        ),
    )
    op.create_index(
        "ix_sales_order_slot",
        "sales_order",
        ["tenant_id", "store_id", "slot_start"],
        postgresql_where=sa.text("slot_start IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_sales_order_slot", "sales_order")
    op.drop_table("slot")
