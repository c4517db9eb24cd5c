"""The errands of a shop's own couriers."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "delivery_own_0001"
down_revision = None


def upgrade() -> None:
    tenant_table(
        op,
        "delivery_own_errand",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("courier_id", sa.Uuid()),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "shipment_id", name="pk_delivery_own_errand"),
        sa.CheckConstraint("state <> 'ACCEPTED' OR courier_id IS NOT NULL", name="courier"),
        sa.CheckConstraint("state IN ('OFFERED', 'ACCEPTED', 'DONE', 'WITHDRAWN')", name="state"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=f"fk_delivery_own_errand_tenant_id_{column}",
            )
            for column, table in (("shipment_id", "shipment"), ("store_id", "store"), ("courier_id", "staff"))
        ),
    )
    op.create_index(
        "ix_delivery_own_errand_open",
        "delivery_own_errand",
        ["tenant_id", "store_id", "state"],
        postgresql_where=sa.text("state IN ('OFFERED', 'ACCEPTED')"),
    )
    op.create_index(
        "ix_delivery_own_errand_courier",
        "delivery_own_errand",
        ["tenant_id", "courier_id"],
        postgresql_where=sa.text("state = 'ACCEPTED'"),
    )


def downgrade() -> None:
    op.drop_table("delivery_own_errand")
