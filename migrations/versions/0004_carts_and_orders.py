"""Carts and orders."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    tenant_table(
        op,
        "cart",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("store_id", sa.Uuid()),
        sa.Column("fulfilment", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("contact", sa.LargeBinary()),
        sa.Column("slot_start", sa.DateTime(timezone=True)),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_cart"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name="fk_cart_tenant_id_member_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_cart_tenant_id_store_id"
        ),
    )
    op.create_index(
        "ix_cart_expires", "cart", ["tenant_id", "expires_at"], postgresql_where=sa.text("order_id IS NULL")
    )
    op.create_index(
        "ix_cart_member", "cart", ["tenant_id", "member_id", "id"], postgresql_where=sa.text("order_id IS NULL")
    )
    tenant_table(
        op,
        "cart_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_cart_line"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name="fk_cart_line_tenant_id_cart_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"], name="fk_cart_line_tenant_id_variant_id"
        ),
        sa.UniqueConstraint("tenant_id", "cart_id", "variant_id", name="uq_cart_line_tenant_id_cart_id_variant_id"),
    )
    tenant_table(
        op,
        "sales_order",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("cart_id", sa.Uuid()),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("payment_status", sa.Text(), nullable=False),
        sa.Column("contact", sa.LargeBinary()),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("slot_start", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("discounts", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserved_until", sa.DateTime(timezone=True)),
        sa.Column("external_reference", sa.Text()),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_sales_order"),
        sa.CheckConstraint("refunded BETWEEN 0 AND payable", name="refunded"),
        sa.CheckConstraint("payable = items - discounts + delivery - points AND payable >= 0", name="totals_add_up"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name="fk_sales_order_tenant_id_member_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_sales_order_tenant_id_store_id"
        ),
        sa.UniqueConstraint("tenant_id", "cart_id", name="uq_sales_order_tenant_id_cart_id"),
        sa.UniqueConstraint("tenant_id", "number", name="uq_sales_order_tenant_id_number"),
        sa.UniqueConstraint(
            "tenant_id", "store_id", "external_reference", name="uq_sales_order_tenant_id_store_id_external_reference"
        ),
    )
    op.create_index("ix_sales_order_member", "sales_order", ["tenant_id", "member_id", "id"])
    op.create_index("ix_sales_order_store", "sales_order", ["tenant_id", "store_id", "id"])
    op.create_index(
        "ix_sales_order_unpaid",
        "sales_order",
        ["tenant_id", "reserved_until"],
        postgresql_where=sa.text("status = 'PENDING_PAYMENT'"),
    )
    tenant_table(
        op,
        "sales_order_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("refunded_quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refunded_amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_sales_order_line"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("refunded_amount BETWEEN 0 AND paid", name="refunded_amount"),
        sa.CheckConstraint("refunded_quantity BETWEEN 0 AND quantity", name="refunded_quantity"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_sales_order_line_tenant_id_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_sales_order_line_tenant_id_variant_id",
        ),
    )
    op.create_index("ix_sales_order_line_order", "sales_order_line", ["tenant_id", "order_id"])
    tenant_table(
        op,
        "order_event",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_order_event"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_order_event_tenant_id_order_id",
        ),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_order_event_order", "order_event", ["tenant_id", "order_id", "id"])


def downgrade() -> None:
    for table in (
        "order_event",
        "sales_order_line",
        "sales_order",
        "cart_line",
        "cart",
    ):
        op.drop_table(table)
