"""Orders: what was promised to whom at what price, and what became of it."""

from core.orders.access import owned, readable
from core.orders.arriving import give_up
from core.orders.buyers import tell_buyer
from core.orders.candidates import Candidate, PlaceRequest
from core.orders.checkout import Cause, Checkout, Hold, Release
from core.orders.errors import OrderHeld, OrderState, ReservationExpired, SlotFull, TooLongAway
from core.orders.events import (
    OrderCancelled,
    OrderHandedOn,
    OrderLetGo,
    OrderPaid,
    OrderPlaced,
    OrderReinstated,
    OrderStatusChanged,
)
from core.orders.expiring import extend, release_unpaid
from core.orders.explaining import Explanation, explain_cart, explain_order
from core.orders.following import OVERLAP, Told, Topic, require_store, stores_of, told_since
from core.orders.handing_on import HANDED_ON, agreed, hand_on
from core.orders.holding import holds_of, let_go, require_free
from core.orders.ordering import Sale, SaleLine
from core.orders.permissions import CANCEL, FULFIL, READ, RECORD_SALE, VERIFY
from core.orders.personal_data import OF_ORDER
from core.orders.placing import Settled, place, settle
from core.orders.preparing import Prepared, prepare
from core.orders.queries import (
    Filter,
    buyers_among,
    count,
    counts_of_members,
    lines_by_ids,
    lines_of,
    lock,
    page,
    pages_of_members,
    parts_of,
    timeline_of,
    visible,
    visible_by_number,
)
from core.orders.releasing import give_back_stock
from core.orders.rows import OrderEventRow, OrderHoldRow, OrderLineRow, OrderPartRow, OrderRow, PriceStepRow, ShareRow
from core.orders.rules import OrderRules
from core.orders.selling import known_sales, sell_over_counter
from core.orders.service import cancel, follow, give_back, pay, record, release_refunded
from core.orders.slots import FreeSlot, free_slots, has_room
from core.orders.steps import steps_of
from core.orders.today import placed_today

__all__ = [
    "CANCEL",
    "FULFIL",
    "HANDED_ON",
    "OF_ORDER",
    "OVERLAP",
    "READ",
    "RECORD_SALE",
    "VERIFY",
    "Candidate",
    "Cause",
    "Checkout",
    "Explanation",
    "Filter",
    "FreeSlot",
    "Hold",
    "OrderCancelled",
    "OrderEventRow",
    "OrderHandedOn",
    "OrderHeld",
    "OrderHoldRow",
    "OrderLetGo",
    "OrderLineRow",
    "OrderPaid",
    "OrderPartRow",
    "OrderPlaced",
    "OrderReinstated",
    "OrderRow",
    "OrderRules",
    "OrderState",
    "OrderStatusChanged",
    "PlaceRequest",
    "Prepared",
    "PriceStepRow",
    "Release",
    "ReservationExpired",
    "Sale",
    "SaleLine",
    "Settled",
    "ShareRow",
    "SlotFull",
    "Told",
    "TooLongAway",
    "Topic",
    "agreed",
    "buyers_among",
    "cancel",
    "count",
    "counts_of_members",
    "explain_cart",
    "explain_order",
    "extend",
    "follow",
    "free_slots",
    "give_back",
    "give_back_stock",
    "give_up",
    "hand_on",
    "has_room",
    "holds_of",
    "known_sales",
    "let_go",
    "lines_by_ids",
    "lines_of",
    "lock",
    "owned",
    "page",
    "pages_of_members",
    "parts_of",
    "pay",
    "place",
    "placed_today",
    "prepare",
    "readable",
    "record",
    "release_refunded",
    "release_unpaid",
    "require_free",
    "require_store",
    "sell_over_counter",
    "settle",
    "steps_of",
    "stores_of",
    "tell_buyer",
    "timeline_of",
    "told_since",
    "visible",
    "visible_by_number",
]
