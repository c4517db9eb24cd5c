"""Stock, its movements and reservations, and fulfilment."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    tenant_table(
        op,
        "location",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_location"),
        sa.CheckConstraint("kind IN ('STORE', 'WAREHOUSE')", name="kind"),
    )
    tenant_table(
        op,
        "stock",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "location_id", "variant_id", name="pk_stock"),
        sa.CheckConstraint("reserved BETWEEN 0 AND on_hand", name="never_oversold"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"], ["location.tenant_id", "location.id"], name="fk_stock_tenant_id_location_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"], name="fk_stock_tenant_id_variant_id"
        ),
    )
    # half-full pages keep updates of the counters on their page (HOT): no index is touched by a sale
    op.execute("ALTER TABLE stock SET (fillfactor = 50)")
    op.create_index("ix_stock_variant", "stock", ["tenant_id", "variant_id"])
    tenant_table(
        op,
        "stock_movement",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_stock_movement"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"],
            ["stock.tenant_id", "stock.location_id", "stock.variant_id"],
            name="fk_stock_movement_tenant_id_location_id_variant_id",
        ),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_stock_movement_variant", "stock_movement", ["tenant_id", "location_id", "variant_id", "id"])
    tenant_table(
        op,
        "reservation",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="OPEN", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "location_id", "variant_id", name="pk_reservation"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("state IN ('OPEN', 'CLAIMED', 'CONSUMED', 'RELEASED')", name="state"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"],
            ["stock.tenant_id", "stock.location_id", "stock.variant_id"],
            name="fk_reservation_tenant_id_location_id_variant_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_reservation_tenant_id_order_id",
        ),
    )
    tenant_table(
        op,
        "fulfilment",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("accept_by", sa.DateTime(timezone=True)),
        sa.Column("slot_start", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_fulfilment"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_fulfilment_tenant_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_fulfilment_tenant_id_store_id"
        ),
    )
    op.create_index("ix_fulfilment_order", "fulfilment", ["tenant_id", "order_id"])
    op.create_index("ix_fulfilment_store", "fulfilment", ["tenant_id", "store_id", "status"])
    tenant_table(
        op,
        "fulfilment_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "fulfilment_id", "order_line_id", name="pk_fulfilment_line"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fulfilment_id"],
            ["fulfilment.tenant_id", "fulfilment.id"],
            name="fk_fulfilment_line_tenant_id_fulfilment_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["sales_order_line.tenant_id", "sales_order_line.id"],
            name="fk_fulfilment_line_tenant_id_order_line_id",
        ),
    )


def downgrade() -> None:
    for table in (
        "fulfilment_line",
        "fulfilment",
        "reservation",
        "stock_movement",
        "stock",
        "location",
    ):
        op.drop_table(table)
