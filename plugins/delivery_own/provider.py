"""The shop's own couriers as a provider: they are near or not, and what it costs is what the brand says."""

from core.deliveries import (
    Cancellation,
    Cancelled,
    Capabilities,
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
    ride_minutes,
)
from core.money import Money
from core.stores.places import distance
from plugins.delivery_own.settings import DeliveryOwnSettings

NAME = "own"


class OwnCouriers:
    """Whoever of them takes it on, by the errands that the plugin makes of shipments."""

    name = NAME
    capabilities = Capabilities()

    async def quote(self, site: Site, parcel: Parcel) -> Quote | Refused:
        """By distance; beyond their reach they do not go."""
        said = site.settings(DeliveryOwnSettings)
        meters = round(distance(parcel.sender.location, parcel.recipient.location))
        if meters > said.reach_meters:
            return Refused(f"It is {meters} m away, and couriers go {said.reach_meters} m.")
        minutes = said.start_minutes + ride_minutes(parcel.sender.location, parcel.recipient.location)
        return Quote(Money(said.fee, site.currency), minutes, meters)

    async def create(self, site: Site, order: ShipmentOrder) -> Created | Refused:
        """It is offered to the couriers of the store as soon as this is known."""
        return Created(f"own-{order.shipment_id}", Money(site.settings(DeliveryOwnSettings).fee, site.currency))

    async def tip(self, site: Site, tip: Tip) -> Tipped:  # noqa: ARG002 - there is nobody outside to ask
        """They are paid by the shop."""
        return Tipped("The shop pays its couriers itself.")

    async def cancel(self, site: Site, wish: Cancellation) -> Cancelled:  # noqa: ARG002 - there is nobody outside to ask
        """The errand is withdrawn when this is known; who has the goods by then keeps them, as core finds out."""
        return Cancelled()

    async def query(self, site: Site, shipment: Known) -> Report | None:  # noqa: ARG002 - there is nobody outside to ask
        """What couriers say is heard at once: there is nothing more to know."""
        return None
