"""What SF Tongcheng says by itself: signed as requests are, so that it is believed at once.

Each kind of event may be called to an address of its own; here one takes them all, told apart by their `url_index`.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from core import deliveries
from core.callbacks import Callback, Reply
from core.deliveries import Report, Standing, State, courier_named, key_of, moment_of, number_of, object_of, place_of
from core.errors import NotFound
from plugins.delivery_sf.provider import NAME
from plugins.delivery_sf.settings import DeliverySfSettings
from plugins.delivery_sf.wire import STATES, is_signed

OK = Reply(200, b'{"error_code":0,"error_msg":"success"}')
NOT_OK = Reply(401, b'{"error_code":1,"error_msg":"sign"}')
TROUBLE = "rider_exception"  #: the kind of an event in which something is wrong


async def hear(callback: Callback) -> Reply:
    """Take in what is said of a shipment; what is not of one of ours is answered alike, and it calls no more."""
    with suppress(NotFound):
        async with callback.works() as work:
            said = work.settings(DeliverySfSettings)
            if said.dev_key is None or not is_signed(
                callback.body, callback.query, said.dev_id, said.dev_key.get_secret_value()
            ):
                return NOT_OK
            report = report_of(object_of(callback.body) or {})
            if report is not None:
                await deliveries.take_in(work, NAME, report)
    return OK


def report_of(told: Mapping[str, Any]) -> Report | None:
    """What an event says of a shipment; None where it says nothing of that."""
    key, code = key_of(told.get("shop_order_id")), number_of(told.get("order_status"))
    state = State.EXCEPTION if told.get("url_index") == TROUBLE else STATES.get(code or 0)
    if key is None or state is None:
        return None
    note = told.get("cancel_reason") or told.get("ex_content") or told.get("status_desc")
    return Standing(
        code=TROUBLE if state == State.EXCEPTION else str(code),
        state=state,
        at=moment_of(told.get("push_time")),
        courier=courier_named(told.get("operator_name"), told.get("operator_phone")),
        position=place_of(told.get("rider_lat"), told.get("rider_lng")),
        note=str(note) if note else None,
    ).report(key)
