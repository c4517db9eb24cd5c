"""Papers, gifts and cards to print."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table

revision = "gift_wrap_0001"
down_revision = None


def upgrade() -> None:
    tenant_table(
        op,
        "gift_wrap_paper",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_gift_wrap_paper"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_gift_wrap_paper_tenant_id_name"),
    )
    tenant_table(
        op,
        "gift_wrap_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "cart_id", "variant_id", name="pk_gift_wrap_line"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id", "variant_id"],
            ["cart_line.tenant_id", "cart_line.cart_id", "cart_line.variant_id"],
            name="fk_gift_wrap_line_tenant_id_cart_id_variant_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "paper_id"],
            ["gift_wrap_paper.tenant_id", "gift_wrap_paper.id"],
            name="fk_gift_wrap_line_tenant_id_paper_id",
        ),
    )
    tenant_table(
        op,
        "gift_wrap_print",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "variant_id", name="pk_gift_wrap_print"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_gift_wrap_print_tenant_id_order_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("gift_wrap_print")
    op.drop_table("gift_wrap_line")
    op.drop_table("gift_wrap_paper")
