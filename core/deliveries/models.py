"""Tables of deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped

STATES = """'CREATED', 'DISPATCHING', 'ACCEPTED', 'ARRIVED_STORE', 'PICKED_UP', 'RETURNING', 'DELIVERED', 'RETURNED',
    'CANCELLED', 'EXCEPTION'"""


class CourierCall(TenantScoped, Base):
    """Somebody is looked for to carry a fulfilment: in rounds, until one of those who are asked has it."""

    __tablename__ = "courier_call"
    fulfilment_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    store_id: Mapped[UUID]
    strategy: Mapped[str]
    provider: Mapped[str | None]  # the only one who is asked
    status: Mapped[str]
    round: Mapped[int] = mapped_column(Integer)
    rounds_left: Mapped[int] = mapped_column(Integer)
    quoted: Mapped[bool]  # whether the providers of this round were asked what it costs
    winner_id: Mapped[UUID | None]  # the shipment that has it
    called_by: Mapped[str]
    called_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when the next round begins

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "fulfilment_id"], ["fulfilment.tenant_id", "fulfilment.id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        CheckConstraint("status IN ('CALLING', 'TAKEN', 'DONE', 'BACK', 'FAILED', 'ENDED')", name="status"),
        Index("ix_courier_call_order", "tenant_id", "order_id"),
        Index("ix_courier_call_due", "tenant_id", "due_at", postgresql_where=text("status = 'CALLING'")),
    )


class CourierQuote(TenantScoped, Base):
    """What a provider would take for a fulfilment, and as which it is asked; or why it would not."""

    __tablename__ = "courier_quote"
    fulfilment_id: Mapped[UUID] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    provider: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int | None] = mapped_column(Integer)
    fee: Mapped[int | None]
    currency: Mapped[str]
    minutes: Mapped[int | None] = mapped_column(Integer)
    distance_meters: Mapped[int | None] = mapped_column(Integer)
    reference: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "fulfilment_id"], ["courier_call.tenant_id", "courier_call.fulfilment_id"]),
        CheckConstraint("(position IS NULL) = (fee IS NULL)", name="position"),
        CheckConstraint("fee >= 0", name="fee"),
    )


class Shipment(Identified, Base):
    """An attempt to have a fulfilment carried by a provider."""

    __tablename__ = "shipment"
    fulfilment_id: Mapped[UUID]
    order_id: Mapped[UUID]
    store_id: Mapped[UUID]
    round: Mapped[int] = mapped_column(Integer)
    provider: Mapped[str]
    reference: Mapped[str | None]
    tracking_number: Mapped[str | None]
    state: Mapped[str]
    rank: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str]
    fee: Mapped[int]  # as quoted, then as the provider says
    cost: Mapped[int] = mapped_column(server_default="0")  # what its charges come to
    courier: Mapped[bytes | None]  # sealed: name and phone
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    positioned_at: Mapped[datetime | None]
    minutes: Mapped[int | None] = mapped_column(Integer)  # until it is at the door, as quoted
    failure: Mapped[str | None]  # why it came to nothing
    created_at: Mapped[datetime]
    told_at: Mapped[datetime]  # of the newest report that was accepted, by the provider's clock
    accept_by: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    picked_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]  # from when the provider is asked to cancel it
    settled_at: Mapped[datetime | None]  # when it was known what the cancellation costs
    look_at: Mapped[datetime | None]  # when the provider is asked how it stands

    __table_args__ = (
        UniqueConstraint("tenant_id", "fulfilment_id", "round", "provider"),
        UniqueConstraint("tenant_id", "provider", "reference"),
        ForeignKeyConstraint(["tenant_id", "fulfilment_id"], ["courier_call.tenant_id", "courier_call.fulfilment_id"]),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("fee >= 0", name="fee"),
        Index("ix_shipment_order", "tenant_id", "order_id"),
        Index("ix_shipment_look", "tenant_id", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )


class ShipmentEvent(Identified, Base):
    """What a provider has said of a shipment, or what was done with it here; nothing is ever changed in it."""

    __tablename__ = "shipment_event"
    shipment_id: Mapped[UUID]
    key: Mapped[str]
    state: Mapped[str | None]
    raw: Mapped[str]
    note: Mapped[str | None]
    told_at: Mapped[datetime]
    at: Mapped[datetime]
    actor: Mapped[str]
    ignored_because: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "shipment_id", "key"),
        ForeignKeyConstraint(["tenant_id", "shipment_id"], ["shipment.tenant_id", "shipment.id"]),
    )


class ShipmentCharge(Identified, Base):
    """Money that a shipment costs, or that comes back of it; a tip counts once the provider has taken it."""

    __tablename__ = "shipment_charge"
    shipment_id: Mapped[UUID]
    kind: Mapped[str]
    key: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("tenant_id", "shipment_id", "key"),
        ForeignKeyConstraint(["tenant_id", "shipment_id"], ["shipment.tenant_id", "shipment.id"]),
        CheckConstraint("kind IN ('DELIVERY', 'TIP', 'CANCEL', 'REFUND')", name="kind"),
        CheckConstraint("status IN ('ASKED', 'BOOKED', 'REFUSED')", name="status"),
        CheckConstraint("(kind = 'REFUND') = (amount < 0)", name="amount"),
    )
