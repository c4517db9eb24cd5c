"""Orders that expired may be paid after all; payments that nobody has heard of are asked about again."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("expired_at", sa.DateTime(timezone=True)))
    op.add_column("order_adjustment", sa.Column("subject_id", sa.Uuid()))
    op.add_column("payment", sa.Column("failure", sa.Text()))
    op.add_column("payment", sa.Column("look_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_payment_unsettled",
        "payment",
        ["tenant_id", "look_at"],
        postgresql_where=sa.text("status = 'PENDING'"),
    )


def downgrade() -> None:
    op.drop_index("ix_payment_unsettled", "payment")
    op.drop_column("payment", "look_at")
    op.drop_column("payment", "failure")
    op.drop_column("order_adjustment", "subject_id")
    op.drop_column("sales_order", "expired_at")
