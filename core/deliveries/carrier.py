"""A provider that is asked over the web, whatever its language: what it declines is asked about, for it may be done."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from core import clock
from core.deliveries.provider import (
    Cancellation,
    Cancelled,
    Capabilities,
    Courier,
    Created,
    Known,
    Parcel,
    Quote,
    Refused,
    Report,
    ShipmentOrder,
    Site,
    Tip,
    Tipped,
)
from core.deliveries.states import LEFT, RANKS, State
from core.money import Money
from core.stores import GeoPoint

_RIDES = (State.ACCEPTED, State.ARRIVED_STORE, State.PICKED_UP)


class Declined(Exception):
    """It has understood and will not, and says why."""

    def __init__(self, code: int | str, message: str) -> None:
        self.code = code
        super().__init__(f"{message[:200] or 'it does not say why'} ({code})")


class Unfit(Exception):
    """It is not even asked, for it could not say yes; and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a shipment stands there."""

    code: str  #: its word for it
    state: State | None  #: None: a word that says nothing of that
    at: datetime | None = None  #: None: now, when it was asked
    reference: str | None = None
    fee: Money | None = None
    cancel_fee: Money | None = None
    courier: Courier | None = None
    position: GeoPoint | None = None
    note: str | None = None

    def report(self, shipment_id: UUID) -> Report:
        """The same, as core is told."""
        return Report(
            at=self.at or clock.now(),
            shipment_id=shipment_id,
            state=self.state,
            raw=self.code,
            courier=self.courier,
            position=self.position,
            cancel_fee=self.cancel_fee if self.state == State.CANCELLED else None,
            note=self.note,
        )


class Carrier(ABC):
    """What carriers have in common: each says in its own language what is abstract, or raises Declined or Unfit."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    currency: ClassVar[str]  #: in which it charges
    unknown: ClassVar[int | str]  #: its code for a shipment that it does not know

    @abstractmethod
    async def price(self, site: Site, parcel: Parcel) -> Quote:
        """What it takes."""

    @abstractmethod
    async def place(self, site: Site, order: ShipmentOrder) -> Created:
        """Have it carried; declined where it was asked for before."""

    @abstractmethod
    async def top_up(self, site: Site, tip: Tip) -> None:
        """Offer its couriers more."""

    @abstractmethod
    async def call_off(self, site: Site, wish: Cancellation) -> Money | None:
        """Have it not carried; what that costs, where it says so."""

    @abstractmethod
    async def standing(self, site: Site, shipment: Known) -> Standing:
        """How it stands."""

    async def whereabouts(self, site: Site, shipment: Known) -> GeoPoint | None:  # noqa: ARG002 - of one that says more
        """Where its courier is, for carriers that are asked that by itself."""
        return None

    async def quote(self, site: Site, parcel: Parcel) -> Quote | Refused:
        """What it takes, or why it does not come."""
        if site.currency != self.currency:
            return Refused(f"It charges in {self.currency}.")
        try:
            return await self.price(site, parcel)
        except (Declined, Unfit) as refusal:
            return Refused(str(refusal))

    async def create(self, site: Site, order: ShipmentOrder) -> Created | Refused:
        """Have it carried; where it was asked for before, it is what it is there."""
        try:
            return await self.place(site, order)
        except Unfit as refusal:
            return Refused(str(refusal))
        except Declined as refusal:
            key = str(order.shipment_id)
            found = await self._found(site, Known(order.shipment_id, None, order.parcel.sender.code))
            if found is None or found.state == State.CANCELLED:
                return Refused(str(refusal))
            return Created(found.reference or key, found.fee or order.quote.fee)

    async def tip(self, site: Site, tip: Tip) -> Tipped:
        """Offer its couriers more, or say why not."""
        try:
            await self.top_up(site, tip)
        except (Declined, Unfit) as refusal:
            return Tipped(str(refusal))
        return Tipped()

    async def cancel(self, site: Site, wish: Cancellation) -> Cancelled:
        """Have it not carried; declined, it may have been cancelled before, be unknown there, or be on its way."""
        try:
            return Cancelled(await self.call_off(site, wish))
        except Declined as refusal:
            found = await self._found(site, wish.shipment)
            if found is None:
                return Cancelled()
            if found.state == State.CANCELLED:
                return Cancelled(found.cancel_fee)
            if found.state is not None and RANKS.get(found.state, 0) >= LEFT:
                return Cancelled(refused_because=str(refusal))
            raise  # it can be, and is not: it is asked again

    async def query(self, site: Site, shipment: Known) -> Report | None:
        """How it stands there, with who carries it and where that is."""
        found = await self._found(site, shipment)
        if found is None or found.state is None:
            return None
        if found.state in _RIDES and found.position is None:
            found = replace(found, position=await self._seen(site, shipment))
        return found.report(shipment.shipment_id)

    async def _found(self, site: Site, shipment: Known) -> Standing | None:
        try:
            return await self.standing(site, shipment)
        except Declined as refusal:
            if refusal.code == self.unknown:
                return None
            raise

    async def _seen(self, site: Site, shipment: Known) -> GeoPoint | None:
        try:
            return await self.whereabouts(site, shipment)
        except Declined:
            return None  # it has no news of the courier, and has of the shipment
