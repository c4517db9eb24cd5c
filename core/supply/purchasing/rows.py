"""Purchasing as it is read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class SupplierRow:
    id: UUID
    name: str
    sealed_contact: bytes | None
    lead_days: int
    active: bool


@dataclass(slots=True)
class PurchaseOrderRow:
    id: UUID
    number: str
    supplier_id: UUID
    location_id: UUID
    status: str
    note: str | None
    created_at: datetime
    ordered_at: datetime | None
    ordered_by: str | None  #: a label of an actor
    expected_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None


@dataclass(slots=True)
class PurchaseLineRow:
    purchase_order_id: UUID
    variant_id: UUID
    quantity: int
    unit_cost: int  #: minor units, for `priced_per` of the variant's unit
    received: int
    damaged: int
    priced_per: int

    @property
    def outstanding(self) -> int:
        """What is still to come."""
        return max(self.quantity - self.received, 0)


@dataclass(slots=True)
class ReceiptRow:
    id: UUID
    purchase_order_id: UUID | None
    location_id: UUID
    reference: str | None
    received_at: datetime


@dataclass(slots=True)
class ReceiptLineRow:
    receipt_id: UUID
    variant_id: UUID
    received: int
    damaged: int
