"""Tables of the points mall."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Offer(Identified, Base):
    """What a brand gives for points, or for points and money; how much of it, to whom, where and when."""

    __tablename__ = "points_mall_offer"
    kind: Mapped[str]
    name: Mapped[str]
    variant_id: Mapped[UUID | None]
    reward_kind: Mapped[str | None]
    reward_id: Mapped[UUID | None]
    points: Mapped[int]
    minor: Mapped[int]  # what is paid beside the points, for one
    stock: Mapped[int | None]
    taken: Mapped[int] = mapped_column(server_default="0")
    per_member: Mapped[int | None]
    per_day: Mapped[int | None]  # to one member
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    store_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    tiers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_days: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint(
            "CASE kind WHEN 'GOODS' THEN variant_id IS NOT NULL"
            " WHEN 'COUPON' THEN reward_id IS NOT NULL AND reward_kind IS NOT NULL"
            " ELSE kind = 'SERVICE' AND valid_days IS NOT NULL END",
            name="kind",
        ),
        CheckConstraint("points > 0 AND minor >= 0 AND (minor = 0 OR kind = 'GOODS')", name="price"),
        CheckConstraint("taken >= 0 AND (stock IS NULL OR taken <= stock)", name="never_oversold"),
        CheckConstraint("per_member > 0 AND per_day > 0 AND valid_days > 0", name="limits"),
        CheckConstraint("starts_at < ends_at", name="time"),
    )


class Tally(TenantScoped, Base):
    """How much of an offer a member has had: ever, and on the day of the last redemption."""

    __tablename__ = "points_mall_tally"
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    taken: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    today: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["points_mall_offer.tenant_id", "points_mall_offer.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("today BETWEEN 0 AND taken", name="taken"),
        Index("ix_points_mall_tally_member", "tenant_id", "member_id"),
    )


class Redemption(Identified, Base):
    """What a member has had for points, at the price of that moment, and how much of it was given back."""

    __tablename__ = "points_mall_redemption"
    offer_id: Mapped[UUID]
    member_id: Mapped[UUID]
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]  # WANTED only within the transaction that takes it
    quantity: Mapped[int]
    returned: Mapped[int] = mapped_column(server_default="0")
    points: Mapped[int]  # for one
    minor: Mapped[int]
    turn: Mapped[int] = mapped_column(Integer, server_default="0")  # how often it was taken again
    day: Mapped[date] = mapped_column(Date)
    store_id: Mapped[UUID | None]
    cart_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    code_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    valid_until: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Unique("tenant_id", "code_index"),
        Unique("tenant_id", "cart_id"),
        ForeignKeyConstraint(["tenant_id", "offer_id"], ["points_mall_offer.tenant_id", "points_mall_offer.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(  # the order is written after what goes with it was taken
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint(
            "CASE kind WHEN 'GOODS' THEN cart_id IS NOT NULL AND (state = 'WANTED') = (order_id IS NULL)"
            " WHEN 'SERVICE' THEN code_index IS NOT NULL AND valid_until IS NOT NULL ELSE order_id IS NULL END",
            name="kind",
        ),
        CheckConstraint("quantity > 0 AND returned BETWEEN 0 AND quantity", name="returned"),
        Index("ix_points_mall_redemption_member", "tenant_id", "member_id", "id"),
        Index("ix_points_mall_redemption_offer", "tenant_id", "offer_id", "member_id"),
        Index(
            "ix_points_mall_redemption_order",
            "tenant_id",
            "order_id",
            postgresql_where=text("order_id IS NOT NULL"),
        ),
        Index("ix_points_mall_redemption_due", "tenant_id", "valid_until", postgresql_where=text("state = 'OPEN'")),
    )
