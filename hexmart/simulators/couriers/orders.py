"""An order as whoever delivers it keeps it, and the courier who rides for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.deliveries import ride_minutes
from core.stores import GeoPoint

BASE_FEE, PER_KILOMETRE = 600, 120  #: fen
SPEED = 250  #: metres a minute


@dataclass(frozen=True, slots=True)
class Rider:
    name: str
    phone: str
    number: int = 666


@dataclass
class Order:
    """What is carried, in fen and metres, on Chinese maps."""

    key: str  #: the shop's number of it
    number: str  #: the carrier's own
    shop: GeoPoint
    receiver: GeoPoint
    status: int
    wanted: Mapping[str, Any]
    callback: str | None = None  #: where the shop wants to be told of it
    rider: Rider | None = None
    waited: float = 0.0  #: minutes since the last step
    ridden: float = 0.0  #: metres since the shop
    tip: int = 0
    deducted: int = 0  #: what its cancellation has cost

    @property
    def distance(self) -> float:
        return float(ride_minutes(self.shop, self.receiver) * SPEED)

    @property
    def fee(self) -> int:
        return fee_of(self.distance)

    @property
    def position(self) -> GeoPoint | None:
        """Where the courier is: on a straight line, for this one flies."""
        if self.rider is None:
            return None
        share = min(1.0, self.ridden / self.distance)
        north = (self.receiver.latitude - self.shop.latitude) * share
        east = (self.receiver.longitude - self.shop.longitude) * share
        return GeoPoint(self.shop.latitude + north, self.shop.longitude + east)


def fee_of(meters: float) -> int:
    """What it takes to carry something so far."""
    return round(BASE_FEE + PER_KILOMETRE * meters / 1000)
