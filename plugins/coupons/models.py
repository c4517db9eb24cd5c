"""Tables of coupons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Campaign(Identified, Base):
    """Coupons that a brand gives: their terms, who may have them, how many, when."""

    __tablename__ = "coupons_campaign"
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="ACTIVE")
    audience: Mapped[str]
    terms: Mapped[dict[str, object]] = mapped_column(JSONB)
    total: Mapped[int | None]
    per_member: Mapped[int] = mapped_column(Integer)
    claim_from: Mapped[datetime | None]
    claim_until: Mapped[datetime | None]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    valid_days: Mapped[int | None] = mapped_column(Integer)
    delay_days: Mapped[int] = mapped_column(Integer, server_default="0")
    issued: Mapped[int] = mapped_column(server_default="0")
    printed: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("issued >= 0 AND (total IS NULL OR issued <= total)", name="never_over_issued"),
        CheckConstraint("printed >= 0 AND (total IS NULL OR printed <= total)", name="never_over_printed"),
        CheckConstraint("per_member > 0", name="per_member"),
        CheckConstraint("(valid_days IS NULL) <> (valid_until IS NULL)", name="validity"),
        Index("ix_coupons_campaign_audience", "tenant_id", "audience", "id", postgresql_where=text("state = 'ACTIVE'")),
    )


class Holding(TenantScoped, Base):
    """How many coupons of a campaign a member has had."""

    __tablename__ = "coupons_holding"
    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    claimed: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["coupons_campaign.tenant_id", "coupons_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
    )


class Code(Identified, Base):
    """A code that turns into a coupon: a word that everybody may use, or one of a printed batch that one may."""

    __tablename__ = "coupons_code"
    campaign_id: Mapped[UUID]
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    word: Mapped[str | None]
    batch_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "code_index"),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["coupons_campaign.tenant_id", "coupons_campaign.id"]),
        CheckConstraint("(word IS NULL) <> (batch_id IS NULL)", name="word_or_batch"),
        Index("ix_coupons_code_campaign", "tenant_id", "campaign_id", "id"),
    )


class Coupon(Identified, Base):
    """A member's coupon, with its terms as they were when the member got it."""

    __tablename__ = "coupons_coupon"
    campaign_id: Mapped[UUID]
    member_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(server_default="UNUSED")
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    code: Mapped[bytes] = mapped_column(LargeBinary)
    terms: Mapped[dict[str, object]] = mapped_column(JSONB)
    origin: Mapped[str]
    occasion_id: Mapped[UUID | None]
    code_id: Mapped[UUID | None]
    given_from: Mapped[UUID | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    issued_at: Mapped[datetime]
    order_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    discount: Mapped[int] = mapped_column(server_default="0")
    used_at: Mapped[datetime | None]
    gift_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    gift: Mapped[bytes | None] = mapped_column(LargeBinary)
    gift_taken_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "code_index"),
        UniqueConstraint("tenant_id", "gift_index"),
        UniqueConstraint("tenant_id", "given_from"),
        ForeignKeyConstraint(["tenant_id", "campaign_id"], ["coupons_campaign.tenant_id", "coupons_campaign.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "code_id"], ["coupons_code.tenant_id", "coupons_code.id"]),
        ForeignKeyConstraint(["tenant_id", "given_from"], ["coupons_coupon.tenant_id", "coupons_coupon.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(  # the order is written after what goes with it was taken
            ["tenant_id", "order_id"],
            ["sales_order.tenant_id", "sales_order.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint(
            "CASE state WHEN 'TAKEN' THEN order_id IS NOT NULL"
            " WHEN 'USED' THEN (order_id IS NULL) <> (store_id IS NULL)"
            " WHEN 'GIVEN' THEN gift_index IS NOT NULL AND order_id IS NULL ELSE order_id IS NULL END",
            name="state",
        ),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("discount >= 0", name="discount"),
        Index(
            "uq_coupons_coupon_occasion",
            "tenant_id",
            "occasion_id",
            "campaign_id",
            "member_id",
            unique=True,
            postgresql_where=text("occasion_id IS NOT NULL"),
        ),
        Index("ix_coupons_coupon_member", "tenant_id", "member_id", "id"),
        Index("ix_coupons_coupon_campaign", "tenant_id", "campaign_id", "id"),
        Index("ix_coupons_coupon_order", "tenant_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
        Index(
            "ix_coupons_coupon_code", "tenant_id", "code_id", "member_id", postgresql_where=text("code_id IS NOT NULL")
        ),
        Index(
            "ix_coupons_coupon_expiry",
            "tenant_id",
            "valid_until",
            postgresql_where=text("state IN ('UNUSED', 'GIVEN') AND gift_taken_at IS NULL"),
        ),
    )
