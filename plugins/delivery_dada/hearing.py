"""What Dada says by itself. Its callbacks carry no secret, so that whoever finds an address could write one.

So the address cannot be guessed, what is said has to be whole, and what is believed is only what Dada answers when it
is asked: from the outbox, since a callback is answered at once.
"""

from collections.abc import Mapping
from typing import Any

from core import deliveries
from core.callbacks import Callback, Reply
from core.deliveries import key_of, line_or_raise, object_of
from core.work import Works
from plugins.delivery_dada.client import ask
from plugins.delivery_dada.events import DeliveryDadaRiderAsks, DeliveryDadaTold
from plugins.delivery_dada.provider import NAME
from plugins.delivery_dada.settings import DeliveryDadaSettings
from plugins.delivery_dada.wire import is_whole

OK = Reply(200, b'{"status":"ok"}')
NOT_OK = Reply(400, b'{"status":"fail"}')
RIDER_CANCELS = 1  #: the type of a message in which a courier asks to be let go


async def hear(callback: Callback) -> Reply:
    """Write down that there is something to ask; what is not ours is answered alike, and Dada calls no more."""
    told = object_of(callback.body)
    if told is None:
        return NOT_OK
    if "messageType" in told:
        return await _message(callback.works, told)
    if not is_whole(told):
        return NOT_OK
    key = key_of(told.get("order_id"))
    if key is not None:
        async with callback.works() as work:
            if await deliveries.by_id(work, key) is not None:
                work.emit(DeliveryDadaTold(shipment_id=key))
    return OK


async def _message(works: Works, told: Mapping[str, Any]) -> Reply:
    body = object_of(str(told.get("messageBody", ""))) or {}
    key = key_of(body.get("orderId"))
    if told["messageType"] == RIDER_CANCELS and key is not None:
        async with works() as work:
            if await deliveries.by_id(work, key) is not None:
                number = str(body.get("dadaOrderId", ""))[:50]
                work.emit(DeliveryDadaRiderAsks(shipment_id=key, dada_order=number))
    return OK


async def look(works: Works, event: DeliveryDadaTold) -> None:
    """Ask Dada how the shipment stands, and take that in."""
    async with works() as work:
        line, shipment = line_or_raise(work, NAME), await deliveries.by_id(work, event.shipment_id)
        assert shipment is not None, "an event of a shipment that is not there"
        known = await deliveries.known_of(work, shipment)
    report = await line.query(known)
    if report is None:
        raise ConnectionError("Dada does not say how the shipment stands")  # it is asked again
    await deliveries.hear(works, NAME, report)


async def answer_rider(works: Works, event: DeliveryDadaRiderAsks) -> None:
    """Agree, or do not, as the brand says; what comes of it Dada tells by itself. The fields of the answer are [K]."""
    async with works() as work:
        line, agrees = line_or_raise(work, NAME), work.settings(DeliveryDadaSettings).lets_couriers_go
    said = {"orderId": str(event.shipment_id), "dadaOrderId": event.dada_order, "isConfirm": int(agrees)}
    if not agrees:
        said |= {"rejectReason": "The goods are ready.", "imgs": []}
    await ask(line.site, "/api/message/confirm", {"messageType": RIDER_CANCELS, "messageBody": said})
