"""Tables of supply."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Supplier(Identified, Base):
    """Who delivers goods. The contact is a person, and sealed."""

    __tablename__ = "supplier"
    name: Mapped[str]
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    lead_days: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint("lead_days >= 0", name="lead_days"),
    )


class PurchaseOrder(Identified, Base):
    """Goods that a supplier is asked for, to one place."""

    __tablename__ = "purchase_order"
    number: Mapped[str]
    supplier_id: Mapped[UUID]
    location_id: Mapped[UUID]
    status: Mapped[str]
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    ordered_at: Mapped[datetime | None]
    ordered_by: Mapped[str | None]
    expected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        ForeignKeyConstraint(["tenant_id", "supplier_id"], ["supplier.tenant_id", "supplier.id"]),
        ForeignKeyConstraint(["tenant_id", "location_id"], ["location.tenant_id", "location.id"]),
        CheckConstraint("status IN ('DRAFT', 'ORDERED', 'PARTLY_RECEIVED', 'RECEIVED', 'CANCELLED')", name="status"),
        Index("ix_purchase_order_location", "tenant_id", "location_id", "id"),
        Index("ix_purchase_order_supplier", "tenant_id", "supplier_id", "id"),
    )


class PurchaseOrderLine(TenantScoped, Base):
    """A variant of a purchase order; the cost is for `priced_per` of its unit. What came damaged is still owed."""

    __tablename__ = "purchase_order_line"
    purchase_order_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[int]
    unit_cost: Mapped[int]
    received: Mapped[int] = mapped_column(server_default="0")
    damaged: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "purchase_order_id"], ["purchase_order.tenant_id", "purchase_order.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("quantity > 0 AND unit_cost >= 0 AND received >= 0 AND damaged >= 0", name="amounts"),
    )


class Receipt(Identified, Base):
    """Goods that came in, with a purchase order or without one. Append-only."""

    __tablename__ = "receipt"
    purchase_order_id: Mapped[UUID | None]
    location_id: Mapped[UUID]
    reference: Mapped[str | None]
    received_at: Mapped[datetime]
    actor: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "purchase_order_id"], ["purchase_order.tenant_id", "purchase_order.id"]),
        ForeignKeyConstraint(["tenant_id", "location_id"], ["location.tenant_id", "location.id"]),
        Index("ix_receipt_location", "tenant_id", "location_id", "id"),
        Index("ix_receipt_purchase_order", "tenant_id", "purchase_order_id", "id"),
    )


class ReceiptLine(TenantScoped, Base):
    """How much of a variant came in well, and how much damaged: that does not enter stock. Append-only."""

    __tablename__ = "receipt_line"
    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    received: Mapped[int]
    damaged: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "receipt_id"], ["receipt.tenant_id", "receipt.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("received >= 0 AND damaged >= 0 AND received + damaged > 0", name="amounts"),
    )


class StockCount(Identified, Base):
    """People count what lies at a place: OPEN, then CLOSED, when the differences become movements."""

    __tablename__ = "stock_count"
    location_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(server_default="OPEN")
    note: Mapped[str | None]
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "location_id"], ["location.tenant_id", "location.id"]),
        CheckConstraint("status IN ('OPEN', 'CLOSED')", name="status"),
        Index("ix_stock_count_location", "tenant_id", "location_id", "id"),
    )


class StockCountLine(TenantScoped, Base):
    """A variant that is to be counted: what the books said at the start, what was counted, and what became of it."""

    __tablename__ = "stock_count_line"
    stock_count_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    expected: Mapped[int]
    counted: Mapped[int | None]
    seen: Mapped[int | None]  #: on hand by the books when it was counted
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[str | None]
    posted: Mapped[int | None]
    unposted: Mapped[int | None]
    outcome: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "stock_count_id"], ["stock_count.tenant_id", "stock_count.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("outcome IN ('AGREED', 'POSTED', 'PROMISED', 'ADJUSTED')", name="outcome"),
    )


class StockReconciliation(Identified, Base):
    """A place's stock held against what another system says. Append-only."""

    __tablename__ = "stock_reconciliation"
    location_id: Mapped[UUID]
    taken_at: Mapped[datetime]
    made_at: Mapped[datetime]
    actor: Mapped[str]
    applied: Mapped[bool]
    lines: Mapped[int]
    agreeing: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "location_id"], ["location.tenant_id", "location.id"]),
        Index("ix_stock_reconciliation_location", "tenant_id", "location_id", "id"),
    )


class StockDifference(TenantScoped, Base):
    """A line of a reconciliation that does not say what the books say, and why. Append-only."""

    __tablename__ = "stock_difference"
    reconciliation_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str]
    variant_id: Mapped[UUID | None]
    ours: Mapped[int]
    theirs: Mapped[int]
    delta: Mapped[int]
    reason: Mapped[str]
    posted: Mapped[int]
    unposted: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "reconciliation_id"], ["stock_reconciliation.tenant_id", "stock_reconciliation.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
    )
