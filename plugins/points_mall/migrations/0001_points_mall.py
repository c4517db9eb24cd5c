"""Offers, what members have had of each, and what they have redeemed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from core.database import tenant_table

revision = "points_mall_0001"
down_revision = None

OFFER, TALLY, REDEMPTION = "points_mall_offer", "points_mall_tally", "points_mall_redemption"


def upgrade() -> None:
    _create_offer()
    _create_tally()
    _create_redemption()


def _create_offer() -> None:
    tenant_table(
        op,
        OFFER,
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Uuid()),
        sa.Column("reward_kind", sa.Text()),
        sa.Column("reward_id", sa.Uuid()),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("stock", sa.BigInteger()),
        sa.Column("taken", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("per_member", sa.BigInteger()),
        sa.Column("per_day", sa.BigInteger()),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("store_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("tiers", ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_days", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{OFFER}"),
        sa.CheckConstraint(
            "CASE kind WHEN 'GOODS' THEN variant_id IS NOT NULL"
            " WHEN 'COUPON' THEN reward_id IS NOT NULL AND reward_kind IS NOT NULL"
            " ELSE kind = 'SERVICE' AND valid_days IS NOT NULL END",
            name="kind",
        ),
        sa.CheckConstraint("points > 0 AND minor >= 0 AND (minor = 0 OR kind = 'GOODS')", name="price"),
        sa.CheckConstraint("taken >= 0 AND (stock IS NULL OR taken <= stock)", name="never_oversold"),
        sa.CheckConstraint("per_member > 0 AND per_day > 0 AND valid_days > 0", name="limits"),
        sa.CheckConstraint("starts_at < ends_at", name="time"),
        _refers(OFFER, "variant_id", "variant"),
    )


def _create_tally() -> None:
    tenant_table(
        op,
        TALLY,
        _tenant(),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("today", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "offer_id", "member_id", name=f"pk_{TALLY}"),
        sa.CheckConstraint("today BETWEEN 0 AND taken", name="taken"),
        _refers(TALLY, "offer_id", OFFER),
        _refers(TALLY, "member_id", "member"),
    )
    op.create_index(f"ix_{TALLY}_member", TALLY, ["tenant_id", "member_id"])


def _create_redemption() -> None:
    tenant_table(
        op,
        REDEMPTION,
        _tenant(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), server_default="0", nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("store_id", sa.Uuid()),
        sa.Column("cart_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("code_index", sa.LargeBinary()),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("valid_until", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_constraints(),
    )
    op.create_index(f"ix_{REDEMPTION}_member", REDEMPTION, ["tenant_id", "member_id", "id"])
    op.create_index(f"ix_{REDEMPTION}_offer", REDEMPTION, ["tenant_id", "offer_id", "member_id"])
    ordered, waiting = sa.text("order_id IS NOT NULL"), sa.text("state = 'OPEN'")
    op.create_index(f"ix_{REDEMPTION}_order", REDEMPTION, ["tenant_id", "order_id"], postgresql_where=ordered)
    op.create_index(f"ix_{REDEMPTION}_due", REDEMPTION, ["tenant_id", "valid_until"], postgresql_where=waiting)


def _constraints() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{REDEMPTION}"),
        *(
            sa.UniqueConstraint("tenant_id", column, name=f"uq_{REDEMPTION}_tenant_id_{column}")
            for column in ("code_index", "cart_id")
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'GOODS' THEN cart_id IS NOT NULL AND (state = 'WANTED') = (order_id IS NULL)"
            " WHEN 'SERVICE' THEN code_index IS NOT NULL AND valid_until IS NOT NULL ELSE order_id IS NULL END",
            name="kind",
        ),
        sa.CheckConstraint("quantity > 0 AND returned BETWEEN 0 AND quantity", name="returned"),
        _refers(REDEMPTION, "offer_id", OFFER),
        _refers(REDEMPTION, "member_id", "member"),
        _refers(REDEMPTION, "store_id", "store"),
        _refers(REDEMPTION, "order_id", "sales_order", deferrable=True),
    ]


def _tenant() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _refers(table: str, column: str, to: str, *, deferrable: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        deferrable=deferrable or None,
        initially="DEFERRED" if deferrable else None,
    )


def downgrade() -> None:
    for table in (REDEMPTION, TALLY, OFFER):
        op.drop_table(table)
