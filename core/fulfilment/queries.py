"""Reads of fulfilments."""

from collections.abc import Sequence
from uuid import UUID

from core import orders
from core.fulfilment.rows import FulfilmentLineRow, FulfilmentRow
from core.work import Work

FULFILMENT = "id, order_id, store_id, kind, status, accept_by, slot_start"
OF_ORDERS = f"SELECT {FULFILMENT} FROM fulfilment WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY id"
BY_IDS = f"SELECT {FULFILMENT} FROM fulfilment WHERE tenant_id = $1 AND id = any($2::uuid[])"
LINES = """
SELECT fulfilment_id, order_line_id, quantity FROM fulfilment_line
WHERE tenant_id = $1 AND fulfilment_id = any($2::uuid[]) ORDER BY order_line_id
"""


async def of_orders(work: Work, order_ids: Sequence[UUID]) -> list[list[FulfilmentRow]]:
    """The fulfilments of each order."""
    groups: dict[UUID, list[FulfilmentRow]] = {key: [] for key in order_ids}
    for row in await work.rows(FulfilmentRow, OF_ORDERS, list(groups)):
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]


async def lines_of(work: Work, fulfilment_ids: Sequence[UUID]) -> list[list[FulfilmentLineRow]]:
    """What each fulfilment carries."""
    groups: dict[UUID, list[FulfilmentLineRow]] = {key: [] for key in fulfilment_ids}
    for row in await work.rows(FulfilmentLineRow, LINES, list(groups)):
        groups[row.fulfilment_id].append(row)
    return [groups[key] for key in fulfilment_ids]


async def visible(work: Work, ids: Sequence[UUID]) -> list[FulfilmentRow | None]:
    """Fulfilments in the order of their ids, as far as the actor may read their orders."""
    found = {row.id: row for row in await work.rows(FulfilmentRow, BY_IDS, list(set(ids)))}
    parents = await orders.visible(work, [row.order_id for row in found.values()])
    seen = {order.id for order in parents if order is not None}
    return [row if (row := found.get(key)) and row.order_id in seen else None for key in ids]
