"""Tables of stock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Stock(TenantScoped, Base):
    """How much of a variant a location holds, and how much of that is promised."""

    __tablename__ = "stock"
    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand: Mapped[int]
    reserved: Mapped[int] = mapped_column(server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "location_id"], ["location.tenant_id", "location.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        # The last line against overselling: whatever a statement forgot, the promise cannot exceed the shelf.
        CheckConstraint("reserved BETWEEN 0 AND on_hand", name="never_oversold"),
        Index("ix_stock_variant", "tenant_id", "variant_id"),
    )


class StockMovement(Identified, Base):
    """Why on_hand changed. Append-only: the runtime role may not update or delete it."""

    __tablename__ = "stock_movement"
    location_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    delta: Mapped[int]
    reason: Mapped[str]
    order_id: Mapped[UUID | None]
    actor: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"], ["stock.tenant_id", "stock.location_id", "stock.variant_id"]
        ),
        Index("ix_stock_movement_variant", "tenant_id", "location_id", "variant_id", "id"),
    )


class Reservation(TenantScoped, Base):
    """Stock promised to an order: OPEN until paid (it expires), CLAIMED once paid, then CONSUMED or RELEASED."""

    __tablename__ = "reservation"
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(server_default="OPEN")

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "location_id", "variant_id"], ["stock.tenant_id", "stock.location_id", "stock.variant_id"]
        ),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('OPEN', 'CLAIMED', 'CONSUMED', 'RELEASED')", name="state"),
    )
