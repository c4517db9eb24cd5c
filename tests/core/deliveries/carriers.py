"""A delivery provider made up for tests: it does what it is told to, and remembers what it was asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core import clock
from core.deliveries import (
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
    State,
    Tip,
    Tipped,
)
from core.hooks import hookimpl
from core.money import Money
from core.stores import GeoPoint

LI = Courier("李师傅", "+8613900000001")


@dataclass(eq=False)
class Carrier:
    name: str
    fee: int = 800
    minutes: int | None = 30
    refuses_quote: str | None = None
    refuses: str | None = None
    cancel_fee: int = 200
    keeps: str | None = None  #: why it does not cancel
    refuses_tips: str | None = None
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(tips=True))
    before: Callable[[str], Awaitable[None]] | None = None  #: what happens before it answers
    says: Report | None = None
    orders: list[ShipmentOrder] = field(default_factory=list)
    cancelled: list[UUID] = field(default_factory=list)
    tips: list[tuple[int, int]] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    asked: list[tuple[str, Known]] = field(default_factory=list)  #: how shipments stand

    async def quote(self, site: Site, parcel: Parcel) -> Quote | Refused:
        await self._think("quote")
        self.parcels.append(parcel)
        if self.refuses_quote:
            return Refused(self.refuses_quote)
        return Quote(Money(self.fee, site.currency), self.minutes, 1_200, f"q-{self.name}")

    async def create(self, site: Site, order: ShipmentOrder) -> Created | Refused:
        await self._think("create")
        if self.refuses:
            return Refused(self.refuses)
        if order.shipment_id not in {one.shipment_id for one in self.orders}:
            self.orders.append(order)
        return Created(f"{self.name}-{order.shipment_id}", Money(self.fee, site.currency), "N1")

    async def tip(self, site: Site, tip: Tip) -> Tipped:
        await self._think("tip")
        assert tip.amount.currency == site.currency
        if self.refuses_tips is None:
            self.tips.append((tip.amount.minor, tip.total.minor))
        return Tipped(self.refuses_tips)

    async def cancel(self, site: Site, wish: Cancellation) -> Cancelled:
        await self._think("cancel")
        if self.keeps:
            return Cancelled(refused_because=self.keeps)
        self.cancelled.append(wish.shipment.shipment_id)
        known = wish.shipment.shipment_id in {one.shipment_id for one in self.orders}
        return Cancelled(Money(self.cancel_fee if known else 0, site.currency))

    async def query(self, site: Site, shipment: Known) -> Report | None:
        await self._think("query")
        self.asked.append((site.brand.slug, shipment))
        return self.says

    async def _think(self, what: str) -> None:
        if self.before is not None:
            await self.before(what)

    @hookimpl
    def delivery_provider(self) -> "Carrier":
        return self


def told(shipment: UUID, state: State | None, *, at: datetime | None = None, **more: object) -> Report:
    """What a provider says of a shipment."""
    said = {"courier": LI if state == State.ACCEPTED else None} | more
    return Report(at=at or clock.now(), shipment_id=shipment, state=state, raw=str(state or ""), **said)  # type: ignore[arg-type]


def at(latitude: float) -> GeoPoint:
    """A place at the longitude of the stores."""
    return GeoPoint(latitude, 121.4737)
