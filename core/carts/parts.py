"""What bundles in carts are made of: a line of a bundle wants its parts, and lines that share one want it together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from core import inventory
from core.carts.rows import CartLineRow, CartRow, Part
from core.inventory import ShortLine
from core.work import Work

PARTS = """
SELECT w.store_id, c.bundle_id, c.variant_id, c.quantity, coalesce(s.on_hand, 0), coalesce(s.reserved, 0)
FROM unnest($2::uuid[], $3::uuid[]) AS w(store_id, bundle_id)
JOIN bundle_component c ON c.tenant_id = $1 AND c.bundle_id = w.bundle_id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = w.store_id AND s.variant_id = c.variant_id
ORDER BY c.bundle_id, c.position
"""


async def read_parts(work: Work, carts: Iterable[CartRow]) -> None:
    """Give lines of bundles their parts: one statement, and none where there is no bundle."""
    lines = [(cart, line) for cart in carts for line in cart.lines if line.bundle and not line.parts]
    if not lines:
        return
    wanted = list({(cart.store_id, line.variant_id) for cart, line in lines})
    found: defaultdict[tuple[UUID | None, UUID], list[tuple[UUID, int, int, int]]] = defaultdict(list)
    for store_id, bundle_id, *part in await work.fetch(PARTS, [one[0] for one in wanted], [one[1] for one in wanted]):
        found[store_id, bundle_id].append(tuple(part))
    for cart, line in lines:
        line.parts = tuple(_part(work, cart, *part) for part in found[cart.store_id, line.variant_id])
        lefts = [part.left // part.quantity for part in line.parts if part.left is not None]
        line.available = min(lefts, default=line.available)


def _part(work: Work, cart: CartRow, variant_id: UUID, quantity: int, on_hand: int, reserved: int) -> Part:
    if cart.store_id is None:
        return Part(variant_id, quantity, None)
    stock = inventory.stock_at(work, cart.store_id, on_hand, reserved)
    return Part(variant_id, quantity, stock.left(at_shelf=cart.at_shelf))


def short_lines(lines: Iterable[CartLineRow], store_id: UUID, free: Mapping[UUID, int]) -> list[ShortLine]:
    """Which lines do not get what they want, those before them served first, of goods that are not there without end.

    A bundle is told of in whole ones; what it would leave of a part is there for the lines after it.
    """
    left, short = dict(free), []
    for line in lines:
        counted = {key: each for key, each in line.goods.items() if key in left}
        had = min([line.quantity, *(max(left[key], 0) // each for key, each in counted.items())])
        if had < line.quantity:
            lacking = {key: more for key, each in counted.items() if (more := each * line.quantity - left[key]) > 0}
            parts = lacking if line.parts else None
            short.append(ShortLine(store_id, line.variant_id, line.quantity, had, parts))
        for key, each in counted.items():
            left[key] -= had * each
    return short
