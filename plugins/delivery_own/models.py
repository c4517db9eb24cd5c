"""Table of the couriers' errands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped


class DeliveryOwnErrand(TenantScoped, Base):
    """A shipment that a courier of the shop's own carries, or one of them is to take on."""

    __tablename__ = "delivery_own_errand"
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    store_id: Mapped[UUID]
    state: Mapped[str]
    courier_id: Mapped[UUID | None]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "shipment_id"], ["shipment.tenant_id", "shipment.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "courier_id"], ["staff.tenant_id", "staff.id"]),
        CheckConstraint("state IN ('OFFERED', 'ACCEPTED', 'DONE', 'WITHDRAWN')", name="state"),
        CheckConstraint("state <> 'ACCEPTED' OR courier_id IS NOT NULL", name="courier"),
        Index(
            "ix_delivery_own_errand_open",
            "tenant_id",
            "store_id",
            "state",
            postgresql_where=text("state IN ('OFFERED', 'ACCEPTED')"),
        ),
        Index(
            "ix_delivery_own_errand_courier",
            "tenant_id",
            "courier_id",
            postgresql_where=text("state = 'ACCEPTED'"),
        ),
    )
