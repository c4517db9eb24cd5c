"""Tables of transfers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Transfer(Identified, Base):
    """Stock on its way from place to place.

    Its claim is an order's on what arrives, in the words of a reservation: OPEN until the order is paid, CLAIMED from
    then on, RELEASED once the order is over; NULL: it is for the shelf.
    """

    __tablename__ = "transfer"
    source_id: Mapped[UUID]
    destination_id: Mapped[UUID]
    order_id: Mapped[UUID | None]
    claim: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="REQUESTED")
    note: Mapped[str | None]
    requested_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "source_id"], ["location.tenant_id", "location.id"]),
        ForeignKeyConstraint(["tenant_id", "destination_id"], ["location.tenant_id", "location.id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        CheckConstraint("source_id <> destination_id", name="moves"),
        CheckConstraint("status IN ('REQUESTED', 'SENT', 'RECEIVED', 'CANCELLED', 'RETURNED')", name="status"),
        CheckConstraint("claim IN ('OPEN', 'CLAIMED', 'RELEASED')", name="claim"),
        CheckConstraint("(claim IS NULL) = (order_id IS NULL)", name="claimant"),
        Index("ix_transfer_source", "tenant_id", "source_id", "id"),
        Index("ix_transfer_destination", "tenant_id", "destination_id", "id"),
        Index("ix_transfer_order", "tenant_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    )


class TransferLine(TenantScoped, Base):
    """How much of a variant is moved. While the transfer is REQUESTED it is reserved at the source."""

    __tablename__ = "transfer_line"
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    claimed: Mapped[int] = mapped_column(server_default="0")  # how much of it is for the transfer's order
    received: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "transfer_id"], ["transfer.tenant_id", "transfer.id"]),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["variant.tenant_id", "variant.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("claimed BETWEEN 0 AND quantity", name="claimed"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
    )
