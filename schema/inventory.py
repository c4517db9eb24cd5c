"""Correcting stock."""

from dataclasses import astuple

import strawberry
from strawberry import ID

from core import catalog, contacts, idempotency, inventory
from core.errors import NotFound
from core.idempotency import Request
from core.ids import new_id
from core.inventory import Correction, StockRow
from core.work import Work
from schema import relay
from schema.catalog import Stock
from schema.fields import field, mutation
from schema.payloads import Payload


@strawberry.type(description="The stock, or why it was not changed.")
class StockPayload(Payload):
    stock: Stock | None = field("The stock as it is now.")


@strawberry.input(description="A correction of stock: a delta, or a count.")
class StockAdjustInput:
    location_id: ID = field("The place; a store's id is its location's.")
    variant_id: ID = field("The variant.")
    delta: int | None = strawberry.field(description="By how much on hand changes.", default=None)
    reason: str = field("Why, for the movement.")
    counted_to: int | None = strawberry.field(description="What was counted.", default=None)
    expected_on_hand: int | None = strawberry.field(
        description="What the counter thought was there; anything else is STALE.", default=None
    )
    idempotency_key: str = field("The same key again changes nothing.")


@mutation(StockPayload, access=inventory.ADJUST)
async def stock_adjust(work: Work, input: StockAdjustInput) -> StockRow:
    """Correct what is on hand, by a delta or to a count; the movement remembers why."""
    place = relay.place_key(input.location_id)
    variant = relay.key_of("ProductVariant", input.variant_id)
    if place is None or not work.actor.may(inventory.ADJUST.name, place):
        raise NotFound(what="location", path=("input", "locationId"))
    known = (await catalog.variants_sold(work, [variant]))[0] if variant is not None else None
    if variant is None or known is None:
        raise NotFound(what="variant", path=("input", "variantId"))
    catalog.require_own_stock([known], ("input", "variantId"))
    reason = contacts.text(input.reason, path=("input", "reason"))
    found = Correction(reason, input.delta, input.counted_to, input.expected_on_hand)
    request = Request(
        "stockAdjust", work.actor.label, input.idempotency_key, [str(place), str(variant), astuple(found)]
    )

    async def perform(_: object) -> None:
        await inventory.correct(work, place, variant, found)

    await idempotency.once(work, request, new_id(), perform)
    return (await inventory.at_location(work, place, [variant]))[0]
