"""Tables of group purchases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class GroupBuyCampaign(Identified, Base):
    """A product at a group's price for a while; with neither stores nor regions, in every store."""

    __tablename__ = "group_buy_campaign"
    product_id: Mapped[UUID]
    name: Mapped[str]
    active: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # by staff, before its time
    hours: Mapped[int] = mapped_column(Integer)  # that a team has to fill up
    orders_per_member: Mapped[int | None] = mapped_column(Integer)
    quantity_per_order: Mapped[int | None]
    stock: Mapped[int | None]  # units that may be sold at the group's price
    taken: Mapped[int] = mapped_column(server_default="0")  # of them by seats
    new_members_only: Mapped[bool]  # joiners have never bought; the leader may have
    per_store: Mapped[bool]  # a team buys at its leader's store
    store_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    region_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"]),
        CheckConstraint("starts_at < ends_at", name="time"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("taken >= 0 AND (stock IS NULL OR taken <= stock)", name="never_oversold"),
        Index("ix_group_buy_campaign_product", "tenant_id", "product_id"),
    )


class GroupBuyPrice(TenantScoped, Base):
    """What a variant costs in a team of a size; several sizes are a ladder. One alone is no group."""

    __tablename__ = "group_buy_price"
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    minor: Mapped[int]
    leader_minor: Mapped[int | None]  # for whoever opens the team

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["group_buy_campaign.tenant_id", "group_buy_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("size >= 2", name="size"),
        CheckConstraint("minor >= 0 AND leader_minor >= 0", name="price"),
        Index("ix_group_buy_price_variant", "tenant_id", "variant_id"),
    )


class GroupBuyTeam(Identified, Base):
    """Members who buy together. Its counters are changed with its seats, and bounded here as the last line."""

    __tablename__ = "group_buy_team"
    campaign_id: Mapped[UUID]
    code: Mapped[str]
    store_id: Mapped[UUID]
    leader_id: Mapped[UUID]
    size: Mapped[int] = mapped_column(Integer)
    state: Mapped[str]
    taken: Mapped[int] = mapped_column(Integer)  # seats, paid or not
    paid: Mapped[int] = mapped_column(Integer)
    filled: Mapped[int] = mapped_column(Integer, server_default="0")  # with nobody, at its end
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["group_buy_campaign.tenant_id", "group_buy_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "leader_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("state IN ('OPEN', 'SUCCEEDED', 'FAILED_EXPIRED', 'FAILED_CANCELLED')", name="state"),
        CheckConstraint("paid BETWEEN 0 AND taken AND taken BETWEEN 0 AND size", name="never_too_many"),
        Index("ix_group_buy_team_campaign", "tenant_id", "campaign_id", "expires_at"),
        Index("ix_group_buy_team_due", "tenant_id", "expires_at", postgresql_where=text("state = 'OPEN'")),
    )


class GroupBuySeat(TenantScoped, Base):
    """A member's place in a team, by the order that is to pay for it; nobody sits in a team twice."""

    __tablename__ = "group_buy_seat"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[UUID]
    campaign_id: Mapped[UUID]
    member_id: Mapped[UUID]
    quantity: Mapped[int]
    state: Mapped[str]
    reserved_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        # an order is written after its seat was taken
        ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["tenant_id", "team_id"], ["group_buy_team.tenant_id", "group_buy_team.id"]),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["group_buy_campaign.tenant_id", "group_buy_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("state IN ('RESERVED', 'PAID', 'REFUNDING', 'REFUNDED', 'LEFT')", name="state"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(
            "uq_group_buy_seat_member",
            "tenant_id",
            "team_id",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('RESERVED', 'PAID')"),
        ),
        Index("ix_group_buy_seat_team", "tenant_id", "team_id"),
        Index("ix_group_buy_seat_campaign", "tenant_id", "campaign_id", "member_id"),
    )


class GroupBuyWish(TenantScoped, Base):
    """What a cart is bought for: a place in a team, or a team of its own."""

    __tablename__ = "group_buy_wish"
    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID]
    team_id: Mapped[UUID | None]  # none: the member opens one
    size: Mapped[int] = mapped_column(Integer)
    member_id: Mapped[UUID]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "cart_id"], ["cart.tenant_id", "cart.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["group_buy_campaign.tenant_id", "group_buy_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "team_id"], ["group_buy_team.tenant_id", "group_buy_team.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
    )
