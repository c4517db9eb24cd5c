"""What is kept for whoever brings goods back, until it is handed out or let go."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from core import inventory, orders, payments
from core.inventory import Demand, OutOfStock
from core.orders import OrderLineRow
from core.returns.queries import lines_of
from core.returns.rows import ReturnLineRow, ReturnRow
from core.work import Work

KEEP = """
INSERT INTO replacement (tenant_id, return_id, location_id, variant_id, quantity, state)
SELECT $1, $2, $3, k.*, 'HELD' FROM unnest($4::uuid[], $5::bigint[]) AS k(variant_id, quantity)
"""
END = """
UPDATE replacement SET state = $3 WHERE tenant_id = $1 AND return_id = $2 AND state = 'HELD'
RETURNING variant_id, quantity
"""
SHRINK = """
UPDATE replacement p SET quantity = CASE WHEN k.quantity > 0 THEN k.quantity ELSE p.quantity END,
    state = CASE WHEN k.quantity > 0 THEN p.state ELSE 'LET_GO' END
FROM unnest($3::uuid[], $4::bigint[]) AS k(variant_id, quantity)
WHERE p.tenant_id = $1 AND p.return_id = $2 AND p.variant_id = k.variant_id AND p.state = 'HELD'
"""
HELD = "SELECT variant_id, quantity FROM replacement WHERE tenant_id = $1 AND return_id = $2 AND state = 'HELD'"


async def keep(work: Work, found: ReturnRow) -> OutOfStock | None:
    """Promise the replacement at the store that hands it out; or say what it lacks, with nothing promised."""
    goods = await _goods(work, found, {})
    short = (await inventory.reserve(work, [Demand(found.id, found.store_id, goods, at_shelf=True)]))[0]
    if short is None:
        await work.execute(KEEP, found.id, found.store_id, list(goods), list(goods.values()))
    return short


async def shrink(work: Work, found: ReturnRow, received: Mapping[UUID, int]) -> None:
    """Less has come back than was asked for: as much less is handed out."""
    wanted = await _goods(work, found, received)
    held = await kept(work, found)
    less = {key: quantity - wanted[key] for key, quantity in held.items() if quantity > wanted[key]}
    if less:
        await work.execute(SHRINK, found.id, list(less), [wanted[key] for key in less])
        await inventory.let_be(work, {(found.store_id, key): quantity for key, quantity in less.items()})


async def kept(work: Work, found: ReturnRow) -> dict[UUID, int]:
    """What is kept at the store."""
    return {row["variant_id"]: row["quantity"] for row in await work.fetch(HELD, found.id)}


async def let_go(work: Work, found: ReturnRow) -> None:
    """Nobody gets it any more: it is for sale again."""
    goods = {(found.store_id, key): quantity for key, quantity in (await _end(work, found, "LET_GO")).items()}
    await inventory.let_be(work, goods)


async def hand_out(work: Work, found: ReturnRow) -> None:
    """The buyer has it."""
    await inventory.hand_out(work, found.store_id, await _end(work, found, "HANDED_OUT"), order_id=found.order_id)


async def _end(work: Work, found: ReturnRow, state: str) -> dict[UUID, int]:
    return {row["variant_id"]: row["quantity"] for row in await work.fetch(END, found.id, state)}


async def _goods(work: Work, found: ReturnRow, received: Mapping[UUID, int]) -> Counter[UUID]:
    """What lies on shelves of what is handed out for so much of each line; of what is not named, for all of it."""
    wanted = [
        (sold, received.get(sold.id, line.quantity), line.replacement_id)
        for line, sold in await lines_with_sold(work, found)
    ]
    return await shelved(work, wanted)


async def lines_with_sold(work: Work, found: ReturnRow) -> list[tuple[ReturnLineRow, OrderLineRow]]:
    """The lines of a return, each with the line of the order that it is of."""
    of_order = {line.id: line for line in (await orders.lines_of(work, [found.order_id]))[0]}
    return [(line, of_order[line.order_line_id]) for line in (await lines_of(work, [found.id]))[0]]


async def shelved(work: Work, goods: Sequence[tuple[OrderLineRow, int, UUID | None]]) -> Counter[UUID]:
    """What lies on shelves: of what a line has sold, a bundle's parts too; of another variant, itself."""
    as_sold = [(sold, quantity) for sold, quantity, variant_id in goods if variant_id in (None, sold.variant_id)]
    found = await payments.goods_of(work, as_sold)
    for sold, quantity, variant_id in goods:
        if variant_id is not None and variant_id != sold.variant_id:
            found[variant_id] += quantity
    return Counter({key: quantity for key, quantity in found.items() if quantity})
