"""Counts of stock, and what other systems say of it."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0019"
down_revision = "0018"

MANAGERS = ("brand_operator", "merchandiser", "regional_manager", "store_manager")
GIVEN = {
    "stock.count": (*MANAGERS, "clerk"),
    "stock.close_count": MANAGERS,
    "stock.reconcile": MANAGERS,
}


def upgrade() -> None:
    tenant_table(
        op,
        "stock_count",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default="OPEN", nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_stock_count"),
        sa.CheckConstraint("status IN ('OPEN', 'CLOSED')", name="status"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["location.tenant_id", "location.id"],
            name="fk_stock_count_tenant_id_location_id",
        ),
    )
    op.create_index("ix_stock_count_location", "stock_count", ["tenant_id", "location_id", "id"])
    tenant_table(
        op,
        "stock_count_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("stock_count_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger()),
        sa.Column("seen", sa.BigInteger()),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.Column("counted_by", sa.Text()),
        sa.Column("posted", sa.BigInteger()),
        sa.Column("unposted", sa.BigInteger()),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "stock_count_id", "variant_id", name="pk_stock_count_line"),
        sa.CheckConstraint("counted >= 0", name="counted"),
        sa.CheckConstraint("outcome IN ('AGREED', 'POSTED', 'PROMISED', 'ADJUSTED')", name="outcome"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "stock_count_id"],
            ["stock_count.tenant_id", "stock_count.id"],
            name="fk_stock_count_line_tenant_id_stock_count_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_stock_count_line_tenant_id_variant_id",
        ),
    )
    tenant_table(
        op,
        "stock_reconciliation",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("agreeing", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_stock_reconciliation"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["location.tenant_id", "location.id"],
            name="fk_stock_reconciliation_tenant_id_location_id",
        ),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_stock_reconciliation_location", "stock_reconciliation", ["tenant_id", "location_id", "id"])
    tenant_table(
        op,
        "stock_difference",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("reconciliation_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Uuid()),
        sa.Column("ours", sa.BigInteger(), nullable=False),
        sa.Column("theirs", sa.BigInteger(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.Column("unposted", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "reconciliation_id", "position", name="pk_stock_difference"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reconciliation_id"],
            ["stock_reconciliation.tenant_id", "stock_reconciliation.id"],
            name="fk_stock_difference_tenant_id_reconciliation_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_stock_difference_tenant_id_variant_id",
        ),
        rights=APPEND_ONLY,
    )
    give(op, GIVEN)


def downgrade() -> None:
    take_back(op, GIVEN)
    for table in ("stock_difference", "stock_reconciliation", "stock_count_line", "stock_count"):
        op.drop_table(table)
