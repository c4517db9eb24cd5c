"""What delivery would take, for staff who choose by hand."""

from uuid import UUID

from core import fulfilment, orders
from core.deliveries import asking
from core.deliveries.calling import DELIVERY, ask_all, refusal_of
from core.deliveries.parcels import parcel_of
from core.deliveries.provider import Quote
from core.deliveries.rows import Offer
from core.errors import NotFound
from core.work import Works

OPEN = ("WAITING", "ACCEPTED", "PREPARING", "READY")  #: parts that somebody may be called for, now or later


async def quotes(works: Works, order_id: UUID | None, fulfilment_id: UUID | None) -> list[Offer]:
    """What each provider says; all are asked at once, outside of any transaction."""
    async with works() as work:
        order = (await orders.visible(work, [order_id]))[0] if order_id is not None else None
        if order is None or not any(work.actor.may(orders.FULFIL.name, store_id) for store_id in order.stores):
            raise NotFound(what="order", path=("orderId",))
        parts = (await fulfilment.of_orders(work, [order.id]))[0]
        found = [one for one in parts if work.actor.may(orders.FULFIL.name, one.store_id)]
        wanted = [one for one in found if fulfilment_id == one.id or (fulfilment_id is None and one.status in OPEN)]
        part = wanted[0] if wanted else None
        if part is None or order.kind != DELIVERY:
            raise NotFound(what="delivery in this order", path=("fulfilmentId",))
        parcel = await parcel_of(work, order, part)
        lines = {name: one for name in work.hooks.delivery_providers if (one := asking.line(work, name))}
    answers = await ask_all(lines, parcel)
    return [
        Offer(name, said.fee, said.minutes, said.distance_meters)
        if isinstance(said, Quote)
        else Offer(name, refusal=refusal_of(said))
        for name, said in sorted(answers.items())
    ]
