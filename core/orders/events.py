"""Facts about orders."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event

UNPAID = "unpaid"  #: the cause of an end: the time to pay has run out


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPlaced(Event):
    order_id: UUID
    store_id: UUID
    payable: int  #: minor units


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPaid(Event):
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCancelled(Event):
    order_id: UUID
    store_id: UUID
    cause: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReinstated(Event):
    """An order that had expired was paid after all, and has again what it had."""

    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderStatusChanged(Event):
    order_id: UUID
    store_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderHandedOn(Event):
    """Another store carries the order out from now on."""

    order_id: UUID
    store_id: UUID
    from_store_id: UUID
    cause: str  #: `rejected` or `not_accepted`


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLetGo(Event):
    """Nothing holds the order any more."""

    order_id: UUID
    store_id: UUID
    source: str  #: who held it last


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseOwed(Event):
    """A plugin has not given back what it took with an order that ended."""

    order_id: UUID
    plugin: str
    cause: str
    whole: bool
