"""What tills have told of sales, and the books know otherwise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.database import tenant_table

revision = "0032"
down_revision = "0031"

TABLE = "till_conflict"
KINDS = """CASE kind WHEN 'STOCK_SHORT' THEN order_id IS NOT NULL AND variant_id IS NOT NULL
    WHEN 'PRICE_DIFFERS' THEN order_id IS NOT NULL AND variant_id IS NOT NULL
    WHEN 'REFUSED' THEN order_id IS NULL ELSE false END"""


def upgrade() -> None:
    tenant_table(
        op,
        TABLE,
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_till_conflict"),
        sa.UniqueConstraint("tenant_id", "fingerprint", name="uq_till_conflict_tenant_id_fingerprint"),
        sa.CheckConstraint(KINDS, name="kind"),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled"),
        _belongs("store_id", "store"),
        _belongs("variant_id", "variant"),
        _belongs("order_id", "sales_order"),
    )
    op.create_index("ix_till_conflict_store", TABLE, ["tenant_id", "store_id", "id"])
    op.create_index("ix_till_conflict_reference", TABLE, ["tenant_id", "store_id", "reference"])
    open_ones = sa.text("settled_at IS NULL")
    op.create_index("ix_till_conflict_open", TABLE, ["tenant_id", "store_id", "id"], postgresql_where=open_ones)
    of_orders = sa.text("order_id IS NOT NULL")
    op.create_index("ix_till_conflict_order", TABLE, ["tenant_id", "order_id"], postgresql_where=of_orders)


def _belongs(column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_till_conflict_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name)


def downgrade() -> None:
    op.drop_table(TABLE)
