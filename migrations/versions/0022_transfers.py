"""Transfers of stock between places, and who may ask for them, send and receive them."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table

revision = "0022"
down_revision = "0021"

GIVEN = {"transfers.manage": ("brand_operator", "merchandiser", "regional_manager", "store_manager")}


def upgrade() -> None:
    _transfer()
    _transfer_line()
    give(op, GIVEN)


def _transfer() -> None:
    tenant_table(
        op,
        "transfer",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("claim", sa.Text()),
        sa.Column("status", sa.Text(), server_default="REQUESTED", nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sent_by", sa.Text()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_transfer"),
        sa.CheckConstraint("source_id <> destination_id", name="moves"),
        sa.CheckConstraint("status IN ('REQUESTED', 'SENT', 'RECEIVED', 'CANCELLED', 'RETURNED')", name="status"),
        sa.CheckConstraint("claim IN ('OPEN', 'CLAIMED', 'RELEASED')", name="claim"),
        sa.CheckConstraint("(claim IS NULL) = (order_id IS NULL)", name="claimant"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], ["location.tenant_id", "location.id"], name=f"fk_transfer_tenant_id_{column}"
            )
            for column in ("source_id", "destination_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_transfer_tenant_id_order_id",
        ),
    )
    op.create_index("ix_transfer_source", "transfer", ["tenant_id", "source_id", "id"])
    op.create_index("ix_transfer_destination", "transfer", ["tenant_id", "destination_id", "id"])
    op.create_index(
        "ix_transfer_order", "transfer", ["tenant_id", "order_id"], postgresql_where=sa.text("order_id IS NOT NULL")
    )


def _transfer_line() -> None:
    tenant_table(
        op,
        "transfer_line",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received", sa.BigInteger()),
        sa.PrimaryKeyConstraint("tenant_id", "transfer_id", "variant_id", name="pk_transfer_line"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("claimed BETWEEN 0 AND quantity", name="claimed"),
        sa.CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transfer_id"],
            ["transfer.tenant_id", "transfer.id"],
            name="fk_transfer_line_tenant_id_transfer_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_transfer_line_tenant_id_variant_id",
        ),
    )


def downgrade() -> None:
    take_back(op, GIVEN)
    op.drop_table("transfer_line")
    op.drop_table("transfer")
