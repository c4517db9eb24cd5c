"""Tables of fulfilment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Fulfilment(Identified, Base):
    """A store's part of an order, from waiting to done."""

    __tablename__ = "fulfilment"
    order_id: Mapped[UUID]
    store_id: Mapped[UUID]
    kind: Mapped[str]
    status: Mapped[str]
    accept_by: Mapped[datetime | None]
    slot_start: Mapped[datetime | None]
    complete_by: Mapped[datetime | None]  # when it counts as delivered, whoever says so; of what is on its way
    lapsed: Mapped[bool] = mapped_column(server_default="false")  # whether it was told that its time is over

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        Index("ix_fulfilment_order", "tenant_id", "order_id"),
        Index("ix_fulfilment_store", "tenant_id", "store_id", "status"),
        Index(
            "ix_fulfilment_waiting",
            "tenant_id",
            "accept_by",
            postgresql_where=text("status = 'WAITING' AND NOT lapsed"),
        ),
        Index(
            "ix_fulfilment_on_its_way",
            "tenant_id",
            "complete_by",
            postgresql_where=text("status = 'DISPATCHED' AND complete_by IS NOT NULL"),
        ),
    )


class FulfilmentLine(TenantScoped, Base):
    """How much of an order line a fulfilment carries."""

    __tablename__ = "fulfilment_line"
    fulfilment_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "fulfilment_id"], ["fulfilment.tenant_id", "fulfilment.id"]),
        ForeignKeyConstraint(["tenant_id", "order_line_id"], ["sales_order_line.tenant_id", "sales_order_line.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
    )
