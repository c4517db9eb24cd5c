"""What Fengniao says by itself: signed with the app's secret, so that it is believed at once.

The envelope and its signature are confirmed by a public client; the names of what is in it are [K], and those of the
version before.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from core import deliveries
from core.callbacks import Callback, Reply
from core.deliveries import Report, Standing, courier_named, key_of, moment_of, number_of, object_of, place_of
from core.errors import NotFound
from plugins.delivery_fengniao.provider import NAME
from plugins.delivery_fengniao.settings import DeliveryFengniaoSettings
from plugins.delivery_fengniao.wire import STATES, is_signed

OK = Reply(200, b'{"result":"OK"}')
NOT_OK = Reply(401, b'{"error":"signature mismatch"}')
STATUS = "orderStatusNotify"  #: the kind of a call in which an order stands otherwise [K]
_MILLISECONDS = 1000


async def hear(callback: Callback) -> Reply:
    """Take in what is said of a shipment; what is not of one of ours is answered alike, and it calls no more."""
    told = object_of(callback.body) or {}
    with suppress(NotFound):
        async with callback.works() as work:
            said = work.settings(DeliveryFengniaoSettings)
            if said.app_secret is None or not is_signed(
                told, app_id=said.app_id, secret=said.app_secret.get_secret_value()
            ):
                return NOT_OK
            report = report_of(told)
            if report is not None:
                await deliveries.take_in(work, NAME, report)
    return OK


def report_of(told: Mapping[str, Any]) -> Report | None:
    """What a callback says of a shipment; None where it is of something else."""
    within = object_of(str(told.get("business_data", ""))) or {}
    said = within.get("param")
    if within.get("callback_business_type") != STATUS or not isinstance(said, dict):
        return None
    key, code = key_of(said.get("partner_order_code")), number_of(said.get("order_status"))
    if key is None or code is None or code not in STATES:
        return None
    return Standing(
        code=str(code),
        state=STATES[code],
        at=moment_of(said.get("push_time") or told.get("timestamp"), per_second=_MILLISECONDS),
        courier=courier_named(said.get("carrier_driver_name"), said.get("carrier_driver_phone")),
        position=place_of(said.get("carrier_lat"), said.get("carrier_lng")),
        note=str(said.get("description") or "") or None,
    ).report(key)
