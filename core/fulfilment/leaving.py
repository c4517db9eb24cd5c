"""Goods that leave the store for a code: collected at the counter, or carried past the exit."""

import secrets
from uuid import UUID

from core import orders
from core.fulfilment.advancing import carried_out, take
from core.fulfilment.machine import HANDED_OVER
from core.fulfilment.queries import of_orders
from core.fulfilment.rules import ScanAndGoRules
from core.orders import OrderRow
from core.verification import CodeUnknown, Verified
from core.work import Work

PICKUP_CODE = "pickup"
EXIT_CODE = "exit"
CHECKED_EXIT_CODE = "exit_checked"  #: whose shopper shows what is in the basket, and does not know until then
CODES = (PICKUP_CODE, EXIT_CODE, CHECKED_EXIT_CODE)
BASKET_CHECK = "basket_check"  #: in the timeline

# What is weighed counts as one, whatever it weighs.
ITEMS = """
SELECT coalesce(sum(CASE v.unit WHEN 'PIECE' THEN l.quantity - l.refunded_quantity ELSE 1 END), 0)::bigint
FROM sales_order_line l JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
WHERE l.tenant_id = $1 AND l.order_id = $2 AND l.quantity > l.refunded_quantity
"""


def exit_code(work: Work, store_id: UUID) -> str:
    """The kind of a shopper's exit code: chance decides who is asked to show the basket."""
    percent = work.rules(ScanAndGoRules, store_id).check_percent
    return CHECKED_EXIT_CODE if secrets.randbelow(100) < percent else EXIT_CODE


async def hand_over(work: Work, order_id: UUID) -> UUID:
    """The shopper has shown the code: the goods leave the shelf and the order is complete."""
    return (await _hand_over(work, order_id)).id


async def hand_over_checked(work: Work, order_id: UUID) -> UUID:
    """The same, with a look into the basket."""
    order = await _hand_over(work, order_id)
    await orders.record(work, order, BASKET_CHECK)
    return order.id


async def items_to_check(work: Work, taken: Verified) -> int | None:
    """How many things should be in the basket of whoever has shown a code; None: nobody looks."""
    return int(await work.value(ITEMS, taken.order_id)) if taken.kind == CHECKED_EXIT_CODE else None


async def _hand_over(work: Work, order_id: UUID) -> OrderRow:
    order = await orders.lock(work, order_id)
    if order is None:
        raise CodeUnknown(path=("input", "code"))
    found = (await of_orders(work, [order.id]))[0]
    await take(work, order, found, carried_out(found), HANDED_OVER, path=("input", "code"))
    return order
