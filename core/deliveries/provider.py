"""What a delivery provider is to core: asked outside any transaction, within a time; asked twice, it acts once.

It answers for many brands: each call says for which, by a Site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from core.contacts import Address
from core.deliveries.states import State
from core.extensions import Settings
from core.money import Money
from core.stores import GeoPoint
from core.work import Brand

Chosen = TypeVar("Chosen", bound=Settings)


@dataclass(frozen=True, slots=True)
class Site:
    """The brand that asks."""

    brand: Brand
    loopback: bool = False  #: whether a provider may be on this very machine, as a simulator is

    @property
    def currency(self) -> str:
        return self.brand.currency

    def settings(self, kind: type[Chosen]) -> Chosen:
        """What the brand has set for the provider's plugin."""
        return self.brand.settings[kind]  # type: ignore[return-value]  # keyed by its own type


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be asked of a provider beyond quoting, carrying and cancelling."""

    tips: bool = False
    callback: str | None = None  #: the route of its plugin at which it tells what happens; None: it is asked
    minutes: int | None = None  #: after which its silence means that nobody takes it; None: the brand's rule


@dataclass(frozen=True, slots=True)
class Sender:
    """The store that hands it over."""

    id: UUID
    code: str
    name: str
    phone: str | None
    city: str
    address: str
    location: GeoPoint


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    sku: str
    quantity: int
    unit: str
    amount: Money  #: what all of it costs


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be carried, from where to whom."""

    order_id: UUID
    fulfilment_id: UUID
    number: str  #: the order's, for people
    sender: Sender
    recipient: Address
    items: Sequence[Item]
    worth: Money
    grams: int
    placed_at: datetime
    wanted_at: datetime | None = None  #: None: as soon as possible
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Quote:
    fee: Money
    minutes: int | None = None  #: until it is at the door
    distance_meters: int | None = None
    reference: str | None = None  #: by which the provider knows it again
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShipmentOrder:
    shipment_id: UUID  #: the provider's idempotency key
    parcel: Parcel
    quote: Quote
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    reference: str  #: the provider's own number of it
    fee: Money
    tracking_number: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A shipment that a provider was asked for before; it may not have come so far."""

    shipment_id: UUID
    reference: str | None
    store: str  #: its code


@dataclass(frozen=True, slots=True)
class Tip:
    shipment: Known
    tip_id: UUID  #: the provider's idempotency key
    amount: Money
    total: Money  #: with all tips before it


@dataclass(frozen=True, slots=True)
class Tipped:
    refused_because: str | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    shipment: Known
    reason: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It is cancelled, was before, or was never known there; or cannot be any more."""

    fee: Money | None = None  #: what is to be paid for it
    refused_because: str | None = None


@dataclass(frozen=True, slots=True)
class Courier:
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a provider says of a shipment, in a callback or when it is asked: verified by the plugin, judged by core."""

    at: datetime  #: when it was so, by the provider's clock
    shipment_id: UUID | None = None  #: ours, or
    reference: str | None = None  #: the provider's
    state: State | None = None  #: None: only where it is, or who carries it
    raw: str = ""  #: the provider's word for it
    key: str | None = None  #: by which a repetition is known; None: state and time are
    courier: Courier | None = None
    position: GeoPoint | None = None
    cancel_fee: Money | None = None  #: where it is cancelled and the provider says what that costs
    note: str | None = None  #: why; nothing personal


class DeliveryProvider(Protocol):
    """Somebody who carries, contributed by a plugin."""

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...
    async def quote(self, site: Site, parcel: Parcel) -> Quote | Refused: ...
    async def create(self, site: Site, order: ShipmentOrder) -> Created | Refused: ...
    async def tip(self, site: Site, tip: Tip) -> Tipped: ...
    async def cancel(self, site: Site, wish: Cancellation) -> Cancelled: ...
    async def query(self, site: Site, shipment: Known) -> Report | None: ...
