"""Tables of orders."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class SalesOrder(Identified, Base):
    """A promise to sell. Status sums up payments and fulfilments; contact and address are sealed."""

    __tablename__ = "sales_order"
    number: Mapped[str]
    cart_id: Mapped[UUID | None]
    store_id: Mapped[UUID]
    member_id: Mapped[UUID | None]
    kind: Mapped[str]
    status: Mapped[str]
    payment_status: Mapped[str]
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)
    slot_start: Mapped[datetime | None]
    note: Mapped[str | None]
    currency: Mapped[str]
    items: Mapped[int]
    discounts: Mapped[int]
    fees: Mapped[int] = mapped_column(server_default="0")
    delivery: Mapped[int]
    points: Mapped[int]
    payable: Mapped[int]
    refunded: Mapped[int] = mapped_column(server_default="0")
    also_at: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))  # other stores that have a package of it
    held: Mapped[bool] = mapped_column(server_default="false")  # whether a hold of it is open
    reserved_until: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]  # when it ended for want of payment; money that comes late may reinstate it
    other_store: Mapped[bool] = mapped_column(server_default="false")  # whether its buyer collects it elsewhere too
    external_reference: Mapped[str | None]
    placed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "cart_id"),
        UniqueConstraint("tenant_id", "store_id", "external_reference"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        CheckConstraint(
            "payable = items - discounts + fees + delivery - points AND payable >= 0", name="totals_add_up"
        ),
        CheckConstraint("refunded BETWEEN 0 AND payable", name="refunded"),
        Index("ix_sales_order_store", "tenant_id", "store_id", "id"),
        Index("ix_sales_order_member", "tenant_id", "member_id", "id"),
        Index(
            "ix_sales_order_slot",
            "tenant_id",
            "store_id",
            "slot_start",
            postgresql_where=text("slot_start IS NOT NULL"),
        ),
        Index(
            "ix_sales_order_unpaid",
            "tenant_id",
            "reserved_until",
            postgresql_where=text("status = 'PENDING_PAYMENT'"),
        ),
    )


class SalesOrderLine(Identified, Base):
    """What was sold, at the price of that moment."""

    __tablename__ = "sales_order_line"
    order_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    store_id: Mapped[UUID | None]  # that gives it, where that is not the order's
    quantity: Mapped[int]
    unit_price: Mapped[int]
    total: Mapped[int]
    paid: Mapped[int]
    refunded_quantity: Mapped[int] = mapped_column(server_default="0")
    refunded_amount: Mapped[int] = mapped_column(server_default="0")
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("refunded_quantity BETWEEN 0 AND quantity", name="refunded_quantity"),
        CheckConstraint("refunded_amount BETWEEN 0 AND paid", name="refunded_amount"),
        Index("ix_sales_order_line_order", "tenant_id", "order_id"),
    )


class SalesOrderLinePart(TenantScoped, Base):
    """What a bundle was made of when it was sold: what an order takes, keeps and gives back goes by it."""

    __tablename__ = "sales_order_line_part"
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]  # in one bundle
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_line_id"], ["sales_order_line.tenant_id", "sales_order_line.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
    )


class OrderStore(TenantScoped, Base):
    """A store that sees an order which is another's: it has a package of it, or had it before it was handed on."""

    __tablename__ = "order_store"
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        Index("ix_order_store_order", "tenant_id", "order_id"),
    )


class Slot(TenantScoped, Base):
    """A slot that somebody has chosen: whoever counts its orders, to add one, holds its row."""

    __tablename__ = "slot"
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),)


class OrderEvent(Identified, Base):
    """A line of an order's timeline."""

    __tablename__ = "order_event"
    order_id: Mapped[UUID]
    name: Mapped[str]
    actor: Mapped[str]
    note: Mapped[str | None]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        Index("ix_order_event_order", "tenant_id", "order_id", "id"),
    )


class OrderAdjustment(TenantScoped, Base):
    """A step of how an order's price came about, applied or not, in the order in which they were taken."""

    __tablename__ = "order_adjustment"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    plugin: Mapped[str]
    stage: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]
    label: Mapped[str]
    reason: Mapped[str]
    code: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    amount: Mapped[int]
    applied: Mapped[bool]
    why_not: Mapped[str | None]
    # what it is to each line, from the first to the last; a row for each would be most of what an order writes
    shares: Mapped[list[int | None]] = mapped_column(ARRAY(BigInteger))

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),)


class OrderHold(TenantScoped, Base):
    """Why an order may not be carried out yet, by the plugin that says so."""

    __tablename__ = "order_hold"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),)
