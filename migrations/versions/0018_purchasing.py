"""Purchasing: suppliers, purchase orders and what came in."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0018"
down_revision = "0017"

MANAGERS = ("brand_operator", "merchandiser", "regional_manager", "store_manager")
GIVEN = {
    "purchasing.read": (*MANAGERS, "clerk"),
    "purchasing.manage": MANAGERS,
    "stock.receive": (*MANAGERS, "clerk"),
}


def upgrade() -> None:
    tenant_table(
        op,
        "supplier",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.LargeBinary()),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_supplier"),
        sa.CheckConstraint("lead_days >= 0", name="lead_days"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_supplier_tenant_id_name"),
    )
    tenant_table(
        op,
        "purchase_order",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True)),
        sa.Column("ordered_by", sa.Text()),
        sa.Column("expected_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_purchase_order"),
        sa.CheckConstraint("status IN ('DRAFT', 'ORDERED', 'PARTLY_RECEIVED', 'RECEIVED', 'CANCELLED')", name="status"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["location.tenant_id", "location.id"],
            name="fk_purchase_order_tenant_id_location_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supplier_id"],
            ["supplier.tenant_id", "supplier.id"],
            name="fk_purchase_order_tenant_id_supplier_id",
        ),
        sa.UniqueConstraint("tenant_id", "number", name="uq_purchase_order_tenant_id_number"),
    )
    op.create_index("ix_purchase_order_location", "purchase_order", ["tenant_id", "location_id", "id"])
    op.create_index("ix_purchase_order_supplier", "purchase_order", ["tenant_id", "supplier_id", "id"])
    tenant_table(
        op,
        "purchase_order_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("purchase_order_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("damaged", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "purchase_order_id", "variant_id", name="pk_purchase_order_line"),
        sa.CheckConstraint("quantity > 0 AND unit_cost >= 0 AND received >= 0 AND damaged >= 0", name="amounts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "purchase_order_id"],
            ["purchase_order.tenant_id", "purchase_order.id"],
            name="fk_purchase_order_line_tenant_id_purchase_order_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_purchase_order_line_tenant_id_variant_id",
        ),
    )
    tenant_table(
        op,
        "receipt",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purchase_order_id", sa.Uuid()),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_receipt"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["location.tenant_id", "location.id"],
            name="fk_receipt_tenant_id_location_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "purchase_order_id"],
            ["purchase_order.tenant_id", "purchase_order.id"],
            name="fk_receipt_tenant_id_purchase_order_id",
        ),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_receipt_location", "receipt", ["tenant_id", "location_id", "id"])
    op.create_index("ix_receipt_purchase_order", "receipt", ["tenant_id", "purchase_order_id", "id"])
    tenant_table(
        op,
        "receipt_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "receipt_id", "variant_id", name="pk_receipt_line"),
        sa.CheckConstraint("received >= 0 AND damaged >= 0 AND received + damaged > 0", name="amounts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "receipt_id"],
            ["receipt.tenant_id", "receipt.id"],
            name="fk_receipt_line_tenant_id_receipt_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_receipt_line_tenant_id_variant_id",
        ),
        rights=APPEND_ONLY,
    )
    give(op, GIVEN)


def downgrade() -> None:
    take_back(op, GIVEN)
    for table in ("receipt_line", "receipt", "purchase_order_line", "purchase_order", "supplier"):
        op.drop_table(table)
