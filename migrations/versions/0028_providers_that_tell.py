"""Payments know whose money they are, refunds may take their time, and what providers tell is written down."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table

revision = "0028"
down_revision = "0027"

GIVEN = {"payments.collect": ("brand_operator", "regional_manager", "store_manager", "clerk")}
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("payment", sa.Column("account", sa.Text()))
    op.add_column("refund", sa.Column("look_at", MOMENT))
    op.create_index(
        "ix_refund_under_way", "refund", ["tenant_id", "look_at"], postgresql_where=sa.text("status = 'PROCESSING'")
    )
    tenant_table(
        op,
        "payment_notice",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("provider", "notification_id", "kind")],
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account", sa.Text()),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("judged_at", MOMENT),
        sa.Column("verdict", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_payment_notice"),
        sa.UniqueConstraint(
            "tenant_id", "provider", "notification_id", name="uq_payment_notice_tenant_id_provider_notification_id"
        ),
    )
    op.create_index("ix_payment_notice_subject", "payment_notice", ["tenant_id", "subject_id"])
    op.create_index(
        "ix_payment_notice_open",
        "payment_notice",
        ["tenant_id", "arrived_at"],
        postgresql_where=sa.text("verdict IS NULL"),
    )
    give(op, GIVEN)


def downgrade() -> None:
    take_back(op, GIVEN)
    op.drop_table("payment_notice")
    op.drop_index("ix_refund_under_way", "refund")
    op.drop_column("refund", "look_at")
    op.drop_column("payment", "account")
