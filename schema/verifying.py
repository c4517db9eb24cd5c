"""The desk: codes that are shown at a store's counter or exit, each taken once."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import fulfilment, orders, stores, verification
from core.errors import NotFound
from core.money import minor_of
from core.orders import OrderRow
from core.verification import Shown, Verified
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import batched, field, mutation, row_type
from schema.guessing import guessed
from schema.ordering import OrderPayload, readable
from schema.orders import Order
from schema.payloads import Done, Payload, Remark
from tenants.throttle import COUNTER_CODE


@strawberry.input(description="A code shown at a counter.")
class OrderVerifyInput:
    code: str = field("What the shopper shows; large or small, with or without hyphens.")
    store_id: ID = field("The store where it is shown.")


@strawberry.input(description="Whatever code is shown at a counter.")
class VerifyInput:
    code: str = field("What the shopper shows; large or small, with or without hyphens.")
    store_id: ID = field("The store where it is shown.")
    spend: Decimal | None = strawberry.field(
        description="What the goods cost that it is shown for; a coupon with a minimum needs it.", default=None
    )


@row_type(Verified)
class Verification:
    """A code that was taken."""

    kind: str = field("What it was: `pickup`, `exit`, `exit_checked`, or a plugin's, such as `coupons.coupon`.")
    label: str = field("What people call it.")


@strawberry.type(description="What was taken, or why nothing was.")
class VerifyPayload(Payload):
    verification: Verification | None = field("What was taken.")


@batched(Verification, Order | None, name="order")
async def verified_order(found: Sequence[Verified], info: Info) -> Sequence[OrderRow | None]:
    """The order whose goods change hands by it."""
    rows = await orders.visible(info.work, [one.order_id for one in found if one.order_id is not None])
    by_id = {row.id: row for row in rows if row is not None}
    return [by_id.get(one.order_id) if one.order_id else None for one in found]


@mutation(OrderPayload, access=orders.VERIFY, spans_works=True)
async def order_verify(info: Info, input: OrderVerifyInput) -> Done:
    """Take a pickup or exit code, once only; the goods change hands. Ten wrong ones a minute are enough."""

    async def taken(work: Work, store_id: UUID) -> Done:
        verified = await verification.verify(work, input.code, store_id)
        assert verified.order_id is not None, "what core issues codes for is an order's"
        return Done(await readable(work, verified.order_id), await _remarks(work, verified))

    return await _at_desk(info, input.store_id, taken)


@mutation(VerifyPayload, access=orders.VERIFY, spans_works=True)
async def verify(info: Info, input: VerifyInput) -> Done:
    """Take whatever code is shown at a store, once only: of an order to collect, of an exit, or of a plugin's.

    Ten wrong ones a minute are enough.
    """
    spend = minor_of(input.spend, info.tenant.currency, ("input", "spend")) if input.spend is not None else None

    async def taken(work: Work, store_id: UUID) -> Done:
        verified = await verification.verify_any(work, Shown(input.code, store_id, spend))
        return Done(verified, await _remarks(work, verified))

    return await _at_desk(info, input.store_id, taken)


async def _at_desk(info: Info, store: str, deed: Callable[[Work, UUID], Awaitable[Done]]) -> Done:
    """Do something by a code at a store where the caller takes codes."""

    async def done(work: Work) -> Done:
        found = (await stores.by_ids(work, [relay.key_or_nothing("Store", store)]))[0]
        if found is None or not work.actor.may(orders.VERIFY.name, found.id):
            raise NotFound(what="store", path=("input", "storeId"))
        return await deed(work, found.id)

    return await guessed(info, COUNTER_CODE, str(info.viewer.id), done)


async def _remarks(work: Work, verified: Verified) -> list[Remark]:
    """Whom chance has picked shows the basket before leaving."""
    items = await fulfilment.items_to_check(work, verified)
    if items is None:
        return []
    target = relay.global_id("Order", verified.subject_id)
    return [Remark("CHECK_BASKET", f"Look into the basket: {items} things.", target)]
