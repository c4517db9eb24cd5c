"""Campaigns, what members hold of them, codes and coupons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.database import tenant_table

revision = "coupons_0001"
down_revision = None


def _tenant() -> "sa.Column[int]":
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def upgrade() -> None:
    tenant_table(
        op,
        "coupons_campaign",
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.BigInteger()),
        sa.Column("per_member", sa.Integer(), nullable=False),
        sa.Column("claim_from", sa.DateTime(timezone=True)),
        sa.Column("claim_until", sa.DateTime(timezone=True)),
        sa.Column("valid_from", sa.DateTime(timezone=True)),
        sa.Column("valid_until", sa.DateTime(timezone=True)),
        sa.Column("valid_days", sa.Integer()),
        sa.Column("delay_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("issued", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("printed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_coupons_campaign"),
        sa.CheckConstraint("issued >= 0 AND (total IS NULL OR issued <= total)", name="never_over_issued"),
        sa.CheckConstraint("printed >= 0 AND (total IS NULL OR printed <= total)", name="never_over_printed"),
        sa.CheckConstraint("per_member > 0", name="per_member"),
        sa.CheckConstraint("(valid_days IS NULL) <> (valid_until IS NULL)", name="validity"),
    )
    active = sa.text("state = 'ACTIVE'")
    op.create_index(
        "ix_coupons_campaign_audience", "coupons_campaign", ["tenant_id", "audience", "id"], postgresql_where=active
    )
    _create_holding()
    _create_code()
    _create_coupon()


def _create_holding() -> None:
    tenant_table(
        op,
        "coupons_holding",
        _tenant(),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "campaign_id", "member_id", name="pk_coupons_holding"),
        _refers("coupons_holding", "campaign_id", "coupons_campaign"),
        _refers("coupons_holding", "member_id", "member"),
    )


def _create_code() -> None:
    tenant_table(
        op,
        "coupons_code",
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("word", sa.Text()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_coupons_code"),
        sa.UniqueConstraint("tenant_id", "code_index", name="uq_coupons_code_tenant_id_code_index"),
        sa.CheckConstraint("(word IS NULL) <> (batch_id IS NULL)", name="word_or_batch"),
        _refers("coupons_code", "campaign_id", "coupons_campaign"),
    )
    op.create_index("ix_coupons_code_campaign", "coupons_code", ["tenant_id", "campaign_id", "id"])


def _create_coupon() -> None:
    name = "coupons_coupon"
    tenant_table(
        op,
        name,
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), server_default="UNUSED", nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("occasion_id", sa.Uuid()),
        sa.Column("code_id", sa.Uuid()),
        sa.Column("given_from", sa.Uuid()),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("store_id", sa.Uuid()),
        sa.Column("discount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("gift_index", sa.LargeBinary()),
        sa.Column("gift", sa.LargeBinary()),
        sa.Column("gift_taken_at", sa.DateTime(timezone=True)),
        *_constraints(name),
    )
    _create_indexes(name)


def _constraints(name: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_coupons_coupon"),
        *(
            sa.UniqueConstraint("tenant_id", column, name=f"uq_{name}_tenant_id_{column}")
            for column in ("code_index", "gift_index", "given_from")
        ),
        sa.CheckConstraint(
            "CASE state WHEN 'TAKEN' THEN order_id IS NOT NULL"
            " WHEN 'USED' THEN (order_id IS NULL) <> (store_id IS NULL)"
            " WHEN 'GIVEN' THEN gift_index IS NOT NULL AND order_id IS NULL ELSE order_id IS NULL END",
            name="state",
        ),
        sa.CheckConstraint("valid_from <= valid_until", name="validity"),
        sa.CheckConstraint("discount >= 0", name="discount"),
        _refers(name, "campaign_id", "coupons_campaign"),
        _refers(name, "member_id", "member"),
        _refers(name, "code_id", "coupons_code"),
        _refers(name, "given_from", name),
        _refers(name, "store_id", "store"),
        _refers(name, "order_id", "sales_order", deferrable=True),
    ]


def _create_indexes(name: str) -> None:
    occasion = ["tenant_id", "occasion_id", "campaign_id", "member_id"]
    there = sa.text("occasion_id IS NOT NULL")
    op.create_index("uq_coupons_coupon_occasion", name, occasion, unique=True, postgresql_where=there)
    op.create_index("ix_coupons_coupon_member", name, ["tenant_id", "member_id", "id"])
    op.create_index("ix_coupons_coupon_campaign", name, ["tenant_id", "campaign_id", "id"])
    ordered, coded = sa.text("order_id IS NOT NULL"), sa.text("code_id IS NOT NULL")
    op.create_index("ix_coupons_coupon_order", name, ["tenant_id", "order_id"], postgresql_where=ordered)
    op.create_index("ix_coupons_coupon_code", name, ["tenant_id", "code_id", "member_id"], postgresql_where=coded)
    waiting = sa.text("state IN ('UNUSED', 'GIVEN') AND gift_taken_at IS NULL")
    op.create_index("ix_coupons_coupon_expiry", name, ["tenant_id", "valid_until"], postgresql_where=waiting)


def _refers(table: str, column: str, to: str, *, deferrable: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        deferrable=deferrable or None,
        initially="DEFERRED" if deferrable else None,
    )


def downgrade() -> None:
    for table in ("coupons_coupon", "coupons_code", "coupons_holding", "coupons_campaign"):
        op.drop_table(table)
