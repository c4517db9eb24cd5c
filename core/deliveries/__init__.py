"""Having orders brought: who is called, who has it, what they say and what it costs."""

from core.deliveries.arriving import eta_minutes, ride_minutes
from core.deliveries.asking import line_or_raise
from core.deliveries.calling import Called, dispatch
from core.deliveries.carrier import Carrier, Declined, Standing, Unfit
from core.deliveries.carrying import callback_url
from core.deliveries.doorstep import Doorstep, doorstep_of
from core.deliveries.ending import Stopped, cancel
from core.deliveries.errors import DeliveryCalled, ShipmentState
from core.deliveries.events import (
    CourierNotFound,
    ShipmentChanged,
    ShipmentInTrouble,
    ShipmentMoved,
)
from core.deliveries.hearing import Heard, courier_of, hear, take_in
from core.deliveries.mars import from_chinese_map, to_chinese_map
from core.deliveries.parcels import known_of
from core.deliveries.permissions import MANAGE, READ
from core.deliveries.provider import (
    Cancellation,
    Cancelled,
    Capabilities,
    Courier,
    Created,
    DeliveryProvider,
    Item,
    Known,
    Parcel,
    Quote,
    Refused,
    Report,
    Sender,
    ShipmentOrder,
    Site,
    Tip,
    Tipped,
)
from core.deliveries.queries import by_id, by_ids, charges_of, current, events_of, of_fulfilments, of_orders
from core.deliveries.quoting import quotes
from core.deliveries.reading import courier_named, key_of, moment_of, number_of, object_of, place_of
from core.deliveries.rows import Offer, ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from core.deliveries.rules import DeliveryRules
from core.deliveries.states import State
from core.deliveries.tipping import tip
from core.deliveries.web import Unexpected, ask, post
from core.deliveries.writing import hold

__all__ = [
    "MANAGE",
    "READ",
    "Called",
    "Cancellation",
    "Cancelled",
    "Capabilities",
    "Carrier",
    "Courier",
    "CourierNotFound",
    "Created",
    "Declined",
    "DeliveryCalled",
    "DeliveryProvider",
    "DeliveryRules",
    "Doorstep",
    "Heard",
    "Item",
    "Known",
    "Offer",
    "Parcel",
    "Quote",
    "Refused",
    "Report",
    "Sender",
    "ShipmentChanged",
    "ShipmentChargeRow",
    "ShipmentEventRow",
    "ShipmentInTrouble",
    "ShipmentMoved",
    "ShipmentOrder",
    "ShipmentRow",
    "ShipmentState",
    "Site",
    "Standing",
    "State",
    "Stopped",
    "Tip",
    "Tipped",
    "Unexpected",
    "Unfit",
    "ask",
    "by_id",
    "by_ids",
    "callback_url",
    "cancel",
    "charges_of",
    "courier_named",
    "courier_of",
    "current",
    "dispatch",
    "doorstep_of",
    "eta_minutes",
    "events_of",
    "from_chinese_map",
    "hear",
    "hold",
    "key_of",
    "known_of",
    "line_or_raise",
    "moment_of",
    "number_of",
    "object_of",
    "of_fulfilments",
    "of_orders",
    "place_of",
    "post",
    "quotes",
    "ride_minutes",
    "take_in",
    "tip",
    "to_chinese_map",
]
