"""Tables of returns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class SalesReturn(Identified, Base):
    """Goods of an order that their buyer is not content with: money for them, or others in their place."""

    __tablename__ = "sales_return"
    order_id: Mapped[UUID]
    store_id: Mapped[UUID]  # that takes the goods
    kind: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str | None]
    at_fault: Mapped[bool]
    answer: Mapped[str | None]
    tracking_number: Mapped[str | None]
    refund_id: Mapped[UUID | None]
    amount: Mapped[int] = mapped_column(server_default="0")  # paid back, freight among it
    freight: Mapped[int] = mapped_column(server_default="0")
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # until when its goods have to come
    ended_at: Mapped[datetime | None]
    moved_by: Mapped[str]  # who has taken the last step

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "refund_id"], ["refund.tenant_id", "refund.id"]),
        CheckConstraint("kind IN ('REFUND', 'RETURN', 'EXCHANGE')", name="kind"),
        CheckConstraint("amount >= 0 AND freight BETWEEN 0 AND amount", name="amount"),
        CheckConstraint("(refund_id IS NOT NULL) = (amount > 0)", name="refund"),
        Index("ix_sales_return_order", "tenant_id", "order_id"),
        Index("ix_sales_return_store", "tenant_id", "store_id", "id"),
        Index(
            "ix_sales_return_due",
            "tenant_id",
            "due_at",
            postgresql_where=text("status = 'APPROVED' AND due_at IS NOT NULL"),
        ),
    )


class SalesReturnLine(TenantScoped, Base):
    """How much of an order's line comes back, and what has come."""

    __tablename__ = "sales_return_line"
    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    replacement_id: Mapped[UUID | None]  # the variant that is wanted in its place
    received: Mapped[int | None]
    received_id: Mapped[UUID | None]  # what has come: after an exchange it may be what was handed out then
    sellable: Mapped[int | None]
    refunded: Mapped[int | None]  # how much of it this return has paid back; none where it was exchanged

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "return_id"], ["sales_return.tenant_id", "sales_return.id"]),
        ForeignKeyConstraint(["tenant_id", "order_line_id"], ["sales_order_line.tenant_id", "sales_order_line.id"]),
        ForeignKeyConstraint(["tenant_id", "replacement_id"], ["variant.tenant_id", "variant.id"]),
        ForeignKeyConstraint(["tenant_id", "received_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
        CheckConstraint("sellable BETWEEN 0 AND received", name="sellable"),
        CheckConstraint("refunded BETWEEN 0 AND coalesce(received, quantity)", name="refunded"),
        Index("ix_sales_return_line_order_line", "tenant_id", "order_line_id"),
    )


class Replacement(TenantScoped, Base):
    """What is kept for whoever brings goods back: HELD, then HANDED_OUT or LET_GO."""

    __tablename__ = "replacement"
    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID]
    quantity: Mapped[int]
    state: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "return_id"], ["sales_return.tenant_id", "sales_return.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"], ["stock.tenant_id", "stock.location_id", "stock.variant_id"]
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('HELD', 'HANDED_OUT', 'LET_GO')", name="state"),
    )
