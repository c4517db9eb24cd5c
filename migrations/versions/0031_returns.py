"""Returns and exchanges, what is kept for them, and deliveries that count as delivered after some days."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table

revision = "0031"
down_revision = "0030"

MANAGERS = ("brand_operator", "regional_manager", "store_manager")
GIVEN = {
    "returns.read": (*MANAGERS, "clerk", "finance", "support"),
    "returns.receive": (*MANAGERS, "clerk"),
    "returns.manage": (*MANAGERS, "support"),
}
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sales_return()
    _sales_return_line()
    _replacement()
    op.add_column("fulfilment", sa.Column("complete_by", MOMENT))
    op.create_index(
        "ix_fulfilment_on_its_way",
        "fulfilment",
        ["tenant_id", "complete_by"],
        postgresql_where=sa.text("status = 'DISPATCHED' AND complete_by IS NOT NULL"),
    )
    give(op, GIVEN)


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name)


def _sales_return() -> None:
    tenant_table(
        op,
        "sales_return",
        _tenant_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "status", "reason")],
        sa.Column("note", sa.Text()),
        sa.Column("at_fault", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("tracking_number", sa.Text()),
        sa.Column("refund_id", sa.Uuid()),
        *[sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in ("amount", "freight")],
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_sales_return"),
        sa.CheckConstraint("kind IN ('REFUND', 'RETURN', 'EXCHANGE')", name="kind"),
        sa.CheckConstraint("amount >= 0 AND freight BETWEEN 0 AND amount", name="amount"),
        sa.CheckConstraint("(refund_id IS NOT NULL) = (amount > 0)", name="refund"),
        _belongs("sales_return", "order_id", "sales_order"),
        _belongs("sales_return", "store_id", "store"),
        _belongs("sales_return", "refund_id", "refund"),
    )
    op.create_index("ix_sales_return_order", "sales_return", ["tenant_id", "order_id"])
    op.create_index("ix_sales_return_store", "sales_return", ["tenant_id", "store_id", "id"])
    op.create_index(
        "ix_sales_return_due",
        "sales_return",
        ["tenant_id", "due_at"],
        postgresql_where=sa.text("status = 'APPROVED' AND due_at IS NOT NULL"),
    )


def _sales_return_line() -> None:
    tenant_table(
        op,
        "sales_return_line",
        _tenant_id(),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("replacement_id", sa.Uuid()),
        sa.Column("received", sa.BigInteger()),
        sa.Column("received_id", sa.Uuid()),
        sa.Column("sellable", sa.BigInteger()),
        sa.Column("refunded", sa.BigInteger()),
        sa.PrimaryKeyConstraint("tenant_id", "return_id", "order_line_id", name="pk_sales_return_line"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
        sa.CheckConstraint("sellable BETWEEN 0 AND received", name="sellable"),
        sa.CheckConstraint("refunded BETWEEN 0 AND coalesce(received, quantity)", name="refunded"),
        _belongs("sales_return_line", "return_id", "sales_return"),
        _belongs("sales_return_line", "order_line_id", "sales_order_line"),
        _belongs("sales_return_line", "replacement_id", "variant"),
        _belongs("sales_return_line", "received_id", "variant"),
    )
    op.create_index("ix_sales_return_line_order_line", "sales_return_line", ["tenant_id", "order_line_id"])


def _replacement() -> None:
    tenant_table(
        op,
        "replacement",
        _tenant_id(),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "return_id", "variant_id", name="pk_replacement"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("state IN ('HELD', 'HANDED_OUT', 'LET_GO')", name="state"),
        _belongs("replacement", "return_id", "sales_return"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"],
            ["stock.tenant_id", "stock.location_id", "stock.variant_id"],
            name="fk_replacement_tenant_id_location_id_variant_id",
        ),
    )


def downgrade() -> None:
    take_back(op, GIVEN)
    op.drop_index("ix_fulfilment_on_its_way", "fulfilment")
    op.drop_column("fulfilment", "complete_by")
    for table in ("replacement", "sales_return_line", "sales_return"):
        op.drop_table(table)
