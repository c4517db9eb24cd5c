"""Stores that do not accept in time lose their part of an order, which goes to another store."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("other_store", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("fulfilment", sa.Column("lapsed", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(
        "ix_fulfilment_waiting",
        "fulfilment",
        ["tenant_id", "accept_by"],
        postgresql_where=sa.text("status = 'WAITING' AND NOT lapsed"),
    )
    tenant_table(
        op,
        "order_store",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "store_id", "order_id", name="pk_order_store"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_order_store_tenant_id_store_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_order_store_tenant_id_order_id",
        ),
    )
    op.create_index("ix_order_store_order", "order_store", ["tenant_id", "order_id"])


def downgrade() -> None:
    op.drop_table("order_store")
    op.drop_index("ix_fulfilment_waiting", "fulfilment")
    op.drop_column("fulfilment", "lapsed")
    op.drop_column("sales_order", "other_store")
