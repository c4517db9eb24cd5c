"""What plugins say of carts and orders: codes, steps of a price, holds; and fees as a part of what is paid."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0012"
down_revision = "0011"

TOTALS = "ck_sales_order_totals_add_up"
WITH_FEES = "payable = items - discounts + fees + delivery - points AND payable >= 0"
WITHOUT = "payable = items - discounts + delivery - points AND payable >= 0"


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("fees", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sales_order", sa.Column("held", sa.Boolean(), server_default="false", nullable=False))
    op.drop_constraint(TOTALS, "sales_order")
    op.create_check_constraint(op.f(TOTALS), "sales_order", WITH_FEES)
    tenant_table(
        op,
        "cart_code",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "cart_id", "code", name="pk_cart_code"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name="fk_cart_code_tenant_id_cart_id",
            ondelete="CASCADE",
        ),
    )
    _create_order_tables()


def _create_order_tables() -> None:
    tenant_table(
        op,
        "order_adjustment",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("why_not", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "position", name="pk_order_adjustment"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_order_adjustment_tenant_id_order_id",
        ),
        rights=APPEND_ONLY,
    )
    tenant_table(
        op,
        "order_adjustment_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "position", "order_line_id", name="pk_order_adjustment_line"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id", "position"],
            ["order_adjustment.tenant_id", "order_adjustment.order_id", "order_adjustment.position"],
            name="fk_order_adjustment_line_tenant_id_order_id_position",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["sales_order_line.tenant_id", "sales_order_line.id"],
            name="fk_order_adjustment_line_tenant_id_order_line_id",
        ),
        rights=APPEND_ONLY,
    )
    tenant_table(
        op,
        "order_hold",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "source", name="pk_order_hold"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_order_hold_tenant_id_order_id",
        ),
    )


def downgrade() -> None:
    for table in ("order_hold", "order_adjustment_line", "order_adjustment", "cart_code"):
        op.drop_table(table)
    op.drop_constraint(TOTALS, "sales_order")
    op.create_check_constraint(op.f(TOTALS), "sales_order", WITHOUT)
    op.drop_column("sales_order", "held")
    op.drop_column("sales_order", "fees")
