"""Facts about supply."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PurchaseOrderSubmitted(Event):
    purchase_order_id: UUID
    location_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PurchaseOrderEnded(Event):
    purchase_order_id: UUID
    location_id: UUID
    status: str  #: RECEIVED or CANCELLED


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodsReceived(Event):
    receipt_id: UUID
    location_id: UUID
    purchase_order_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StockCounted(Event):
    stock_count_id: UUID
    location_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class StockReconciled(Event):
    reconciliation_id: UUID
    location_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class StockLow(Event):
    """A variant has run low at a place; told of again only once it has been above the threshold in between."""

    location_id: UUID
    variant_id: UUID
    available: int  #: what nobody has been promised
    threshold: int
