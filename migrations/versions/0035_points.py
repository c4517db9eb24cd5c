"""Points that purchases have earned and that pay for others, and who may look into them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table

revision = "0035"
down_revision = "0034"

GIVEN = {
    "points.read": ("brand_operator", "regional_manager", "store_manager", "clerk", "finance", "support"),
    "points.adjust": ("brand_operator", "support"),
}
EARNING, LINE, WISH, SPENDING = "points_earning", "points_earning_line", "points_wish", "points_spending"


def upgrade() -> None:
    tenant_table(
        op,
        EARNING,
        _tenant_id(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("taken_back", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="pk_points_earning"),
        sa.CheckConstraint("points > 0", name="points"),
        sa.CheckConstraint("taken_back BETWEEN 0 AND points", name="taken_back"),
        _belongs(EARNING, "order_id", "sales_order"),
    )
    tenant_table(
        op,
        LINE,
        _tenant_id(),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_line_id", name="pk_points_earning_line"),
        sa.CheckConstraint("points >= 0", name="points"),
        _belongs(LINE, "order_line_id", "sales_order_line"),
    )
    tenant_table(
        op,
        WISH,
        _tenant_id(),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "cart_id", name="pk_points_wish"),
        sa.CheckConstraint("points >= 0", name="points"),
        _belongs(WISH, "cart_id", "cart", ondelete="CASCADE"),
    )
    # Its order is written after what goes with it was taken.
    tenant_table(
        op,
        SPENDING,
        _tenant_id(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("given_back", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("again", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="pk_points_spending"),
        sa.CheckConstraint("points > 0", name="points"),
        sa.CheckConstraint("given_back BETWEEN 0 AND points", name="given_back"),
        _belongs(SPENDING, "order_id", "sales_order", deferrable=True, initially="DEFERRED"),
    )
    give(op, GIVEN)


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _belongs(table: str, column: str, to: str, **more: Any) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name, **more)


def downgrade() -> None:
    take_back(op, GIVEN)
    for table in (SPENDING, WISH, LINE, EARNING):
        op.drop_table(table)
