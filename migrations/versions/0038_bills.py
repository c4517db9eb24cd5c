"""Money is paid for other things than orders: a payment says for what, and of which member."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    for table in ("payment", "refund"):
        op.alter_column(table, "order_id", nullable=True)
    op.add_column("payment", sa.Column("purpose", sa.Text()))
    op.add_column("payment", sa.Column("member_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_payment_tenant_id_member_id", "payment", "member", ["tenant_id", "member_id"], ["tenant_id", "id"]
    )
    op.create_check_constraint(
        "paid_for", "payment", "(order_id IS NULL) = (purpose IS NOT NULL) AND (purpose IS NULL) = (member_id IS NULL)"
    )
    op.create_index(
        "ix_payment_member", "payment", ["tenant_id", "member_id"], postgresql_where=sa.text("member_id IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_payment_member", "payment")
    op.drop_constraint("paid_for", "payment", type_="check")
    op.drop_constraint("fk_payment_tenant_id_member_id", "payment", type_="foreignkey")
    op.drop_column("payment", "member_id")
    op.drop_column("payment", "purpose")
    for table in ("payment", "refund"):
        op.alter_column(table, "order_id", nullable=False)
