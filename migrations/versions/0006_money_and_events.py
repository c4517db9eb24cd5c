"""Payments, refunds, codes, idempotency and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core.database import tenant_table

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    tenant_table(
        op,
        "payment",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_payment"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], name="fk_payment_tenant_id_order_id"
        ),
        sa.UniqueConstraint(
            "tenant_id", "provider", "provider_reference", name="uq_payment_tenant_id_provider_provider_reference"
        ),
    )
    op.create_index("ix_payment_order", "payment", ["tenant_id", "order_id"])
    tenant_table(
        op,
        "refund",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text()),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_refund"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"], name="fk_refund_tenant_id_order_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"], ["payment.tenant_id", "payment.id"], name="fk_refund_tenant_id_payment_id"
        ),
    )
    op.create_index("ix_refund_open", "refund", ["tenant_id", "id"], postgresql_where=sa.text("status = 'REQUESTED'"))
    op.create_index("ix_refund_order", "refund", ["tenant_id", "order_id"])
    tenant_table(
        op,
        "refund_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "refund_id", "order_line_id", name="pk_refund_line"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["sales_order_line.tenant_id", "sales_order_line.id"],
            name="fk_refund_line_tenant_id_order_line_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "refund_id"], ["refund.tenant_id", "refund.id"], name="fk_refund_line_tenant_id_refund_id"
        ),
    )
    tenant_table(
        op,
        "verification_code",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "code", name="pk_verification_code"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_verification_code_tenant_id_store_id"
        ),
    )
    op.create_index("ix_verification_code_subject", "verification_code", ["tenant_id", "subject_id"])
    tenant_table(
        op,
        "idempotency_key",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "operation", "caller", "key", name="pk_idempotency_key"),
    )
    op.create_index("ix_idempotency_key_created", "idempotency_key", ["tenant_id", "created_at"])
    tenant_table(
        op,
        "outbox",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", JSONB(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_undispatched", "outbox", ["tenant_id", "id"], postgresql_where=sa.text("dispatched_at IS NULL")
    )
    tenant_table(
        op,
        "delivery",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "event_id", "subscriber", name="pk_delivery"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"], ["outbox.tenant_id", "outbox.id"], name="fk_delivery_tenant_id_event_id"
        ),
    )
    op.create_index("ix_delivery_due", "delivery", ["tenant_id", "due_at"], postgresql_where=sa.text("done_at IS NULL"))


def downgrade() -> None:
    for table in (
        "delivery",
        "outbox",
        "idempotency_key",
        "verification_code",
        "refund_line",
        "refund",
        "payment",
    ):
        op.drop_table(table)
