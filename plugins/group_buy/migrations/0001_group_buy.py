"""Campaigns with their prices, teams, seats, and what carts are bought for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from core.database import tenant_table

revision = "group_buy_0001"
down_revision = None


def upgrade() -> None:
    tenant_table(
        op,
        "group_buy_campaign",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("orders_per_member", sa.Integer()),
        sa.Column("quantity_per_order", sa.BigInteger()),
        sa.Column("stock", sa.BigInteger()),
        sa.Column("taken", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("new_members_only", sa.Boolean(), nullable=False),
        sa.Column("per_store", sa.Boolean(), nullable=False),
        sa.Column("store_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("region_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_group_buy_campaign"),
        sa.CheckConstraint("hours > 0", name="hours"),
        sa.CheckConstraint("taken >= 0 AND (stock IS NULL OR taken <= stock)", name="never_oversold"),
        sa.CheckConstraint("starts_at < ends_at", name="time"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["product.tenant_id", "product.id"],
            name="fk_group_buy_campaign_tenant_id_product_id",
        ),
    )
    op.create_index("ix_group_buy_campaign_product", "group_buy_campaign", ["tenant_id", "product_id"])
    tenant_table(
        op,
        "group_buy_price",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("leader_minor", sa.BigInteger()),
        sa.PrimaryKeyConstraint("tenant_id", "campaign_id", "variant_id", "size", name="pk_group_buy_price"),
        sa.CheckConstraint("minor >= 0 AND leader_minor >= 0", name="price"),
        sa.CheckConstraint("size >= 2", name="size"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["group_buy_campaign.tenant_id", "group_buy_campaign.id"],
            name="fk_group_buy_price_tenant_id_campaign_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "variant_id"],
            ["variant.tenant_id", "variant.id"],
            name="fk_group_buy_price_tenant_id_variant_id",
        ),
    )
    op.create_index("ix_group_buy_price_variant", "group_buy_price", ["tenant_id", "variant_id"])
    tenant_table(
        op,
        "group_buy_team",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_group_buy_team"),
        sa.UniqueConstraint("tenant_id", "code", name="uq_group_buy_team_tenant_id_code"),
        sa.CheckConstraint("paid BETWEEN 0 AND taken AND taken BETWEEN 0 AND size", name="never_too_many"),
        sa.CheckConstraint("state IN ('OPEN', 'SUCCEEDED', 'FAILED_EXPIRED', 'FAILED_CANCELLED')", name="state"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["group_buy_campaign.tenant_id", "group_buy_campaign.id"],
            name="fk_group_buy_team_tenant_id_campaign_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "leader_id"], ["member.tenant_id", "member.id"], name="fk_group_buy_team_tenant_id_leader_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"], ["store.tenant_id", "store.id"], name="fk_group_buy_team_tenant_id_store_id"
        ),
    )
    op.create_index("ix_group_buy_team_campaign", "group_buy_team", ["tenant_id", "campaign_id", "expires_at"])
    op.create_index(
        "ix_group_buy_team_due",
        "group_buy_team",
        ["tenant_id", "expires_at"],
        postgresql_where=sa.text("state = 'OPEN'"),
    )
    tenant_table(
        op,
        "group_buy_seat",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="pk_group_buy_seat"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("state IN ('RESERVED', 'PAID', 'REFUNDING', 'REFUNDED', 'LEFT')", name="state"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["group_buy_campaign.tenant_id", "group_buy_campaign.id"],
            name="fk_group_buy_seat_tenant_id_campaign_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name="fk_group_buy_seat_tenant_id_member_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            name="fk_group_buy_seat_tenant_id_order_id",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "team_id"],
            ["group_buy_team.tenant_id", "group_buy_team.id"],
            name="fk_group_buy_seat_tenant_id_team_id",
        ),
    )
    op.create_index("ix_group_buy_seat_campaign", "group_buy_seat", ["tenant_id", "campaign_id", "member_id"])
    op.create_index("ix_group_buy_seat_team", "group_buy_seat", ["tenant_id", "team_id"])
    op.create_index(
        "uq_group_buy_seat_member",
        "group_buy_seat",
        ["tenant_id", "team_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('RESERVED', 'PAID')"),
    )
    tenant_table(
        op,
        "group_buy_wish",
        sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "cart_id", name="pk_group_buy_wish"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["group_buy_campaign.tenant_id", "group_buy_campaign.id"],
            name="fk_group_buy_wish_tenant_id_campaign_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cart_id"],
            ["cart.tenant_id", "cart.id"],
            name="fk_group_buy_wish_tenant_id_cart_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"], ["member.tenant_id", "member.id"], name="fk_group_buy_wish_tenant_id_member_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "team_id"],
            ["group_buy_team.tenant_id", "group_buy_team.id"],
            name="fk_group_buy_wish_tenant_id_team_id",
        ),
    )


def downgrade() -> None:
    for table in ("group_buy_wish", "group_buy_seat", "group_buy_team", "group_buy_price", "group_buy_campaign"):
        op.drop_table(table)
