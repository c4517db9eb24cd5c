"""Having orders brought: who is called, who has it, what they say and what it costs."""

from core.deliveries.arriving import eta_minutes, ride_minutes
from core.deliveries.calling import Called, dispatch
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
from core.deliveries.rows import Offer, ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from core.deliveries.rules import DeliveryRules
from core.deliveries.states import State
from core.deliveries.tipping import tip
from core.deliveries.web import Unexpected, post
from core.deliveries.writing import hold

__all__ = [
    "MANAGE",
    "READ",
    "Called",
    "Cancellation",
    "Cancelled",
    "Capabilities",
    "Courier",
    "CourierNotFound",
    "Created",
    "DeliveryCalled",
    "DeliveryProvider",
    "DeliveryRules",
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
    "State",
    "Stopped",
    "Tip",
    "Tipped",
    "Unexpected",
    "by_id",
    "by_ids",
    "cancel",
    "charges_of",
    "courier_of",
    "current",
    "dispatch",
    "eta_minutes",
    "events_of",
    "from_chinese_map",
    "hear",
    "hold",
    "of_fulfilments",
    "of_orders",
    "post",
    "quotes",
    "ride_minutes",
    "take_in",
    "tip",
    "to_chinese_map",
]
