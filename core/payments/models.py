"""Tables of payments and refunds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Payment(Identified, Base):
    """An attempt to pay an order with one provider, or something else that a member pays for."""

    __tablename__ = "payment"
    order_id: Mapped[UUID | None]
    provider: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    provider_reference: Mapped[str | None]
    started_at: Mapped[datetime]
    captured_at: Mapped[datetime | None]
    failure: Mapped[str | None]  # why it has not paid the order: the provider's words, or a refusal's code
    look_at: Mapped[datetime | None]  # when to ask the provider again what became of it
    account: Mapped[str | None]  # whose money it becomes: the merchant and app that it was begun with
    purpose: Mapped[str | None]  # what it is for, where that is no order
    member_id: Mapped[UUID | None]  # who pays for that

    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "provider_reference"),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint(
            "(order_id IS NULL) = (purpose IS NOT NULL) AND (purpose IS NULL) = (member_id IS NULL)", name="paid_for"
        ),
        Index("ix_payment_order", "tenant_id", "order_id"),
        Index("ix_payment_member", "tenant_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
        Index("ix_payment_unsettled", "tenant_id", "look_at", postgresql_where=text("status = 'PENDING'")),
    )


class Refund(Identified, Base):
    """Money on its way back: REQUESTED, perhaps PROCESSING, then SUCCEEDED or FAILED by the provider's word."""

    __tablename__ = "refund"
    order_id: Mapped[UUID | None]
    payment_id: Mapped[UUID]
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    status: Mapped[str]
    provider_reference: Mapped[str | None]
    requested_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]  # when to ask the provider again what became of it
    beside_id: Mapped[UUID | None]  # the refund that it was asked for with, where several payments go back

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "beside_id"], ["refund.tenant_id", "refund.id"]),
        ForeignKeyConstraint(["tenant_id", "payment_id"], ["payment.tenant_id", "payment.id"]),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_refund_order", "tenant_id", "order_id"),
        Index("ix_refund_beside", "tenant_id", "beside_id", postgresql_where=text("beside_id IS NOT NULL")),
        Index("ix_refund_open", "tenant_id", "id", postgresql_where=text("status = 'REQUESTED'")),
        Index("ix_refund_under_way", "tenant_id", "look_at", postgresql_where=text("status = 'PROCESSING'")),
    )


class RefundLine(TenantScoped, Base):
    """Which goods a refund is for."""

    __tablename__ = "refund_line"
    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    amount: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "refund_id"], ["refund.tenant_id", "refund.id"]),
        ForeignKeyConstraint(["tenant_id", "order_line_id"], ["sales_order_line.tenant_id", "sales_order_line.id"]),
    )


class PaymentNotice(Identified, Base):
    """What a provider has told of its own accord, and what became of it; without a verdict nobody has looked yet."""

    __tablename__ = "payment_notice"
    provider: Mapped[str]
    notification_id: Mapped[str]  # the provider's own
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]  # of a payment or refund, which need not be one of ours
    succeeded: Mapped[bool]
    reference: Mapped[str | None]
    amount: Mapped[int]
    currency: Mapped[str]
    account: Mapped[str | None]
    arrived_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    verdict: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "provider", "notification_id"),
        Index("ix_payment_notice_subject", "tenant_id", "subject_id"),
        Index("ix_payment_notice_open", "tenant_id", "arrived_at", postgresql_where=text("verdict IS NULL")),
    )
