"""Where a parcel goes, as carriers in China want to be told."""

from dataclasses import dataclass

from core.deliveries.mars import to_chinese_map
from core.deliveries.provider import Parcel

_COUNTRY = "+86"


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Whose door it is; the place stands as on Chinese maps (GCJ-02), the phone without the country."""

    name: str
    phone: str
    address: str
    latitude: float
    longitude: float


def doorstep_of(parcel: Parcel) -> Doorstep:
    """The recipient's."""
    goal = parcel.recipient
    place = to_chinese_map(goal.location)
    phone = goal.phone.removeprefix(_COUNTRY)
    return Doorstep(goal.recipient, phone, goal.line, round(place.latitude, 6), round(place.longitude, 6))
