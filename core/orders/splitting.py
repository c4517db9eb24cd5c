"""Orders to be delivered that no single store has all of, and whose buyers take them in several packages."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core import clock, contacts, inventory, stores
from core.carts import CartLineRow
from core.inventory import RULES_OF, SELLABLE, OutOfStock, Split
from core.machine import DELIVERY
from core.orders.candidates import Candidate
from core.orders.rules import OrderRules
from core.work import Work

CHOICE = 4  #: other stores that are looked at for each order; more would only be locked for nothing

# Those that have most of what is wanted, of several the nearest.
SHARERS = f"""
WITH reached AS (
    SELECT DISTINCT c.order_id, t.id AS store_id, (t.latitude - c.latitude) ^ 2
        + ((t.longitude - c.longitude) * cos(radians(c.latitude))) ^ 2 AS away
    FROM unnest($10::uuid[], $11::bigint[], $12::float8[], $13::float8[]) AS c(order_id, cell, latitude, longitude)
    JOIN delivery_cell d ON d.tenant_id = $1 AND d.cell = c.cell
    JOIN store t ON t.tenant_id = $1 AND t.id = d.store_id AND t.active AND '{DELIVERY}' = any(t.fulfilments)
)
SELECT order_id, store_id FROM (
    SELECT r.order_id, r.store_id, row_number() OVER (
        PARTITION BY r.order_id ORDER BY count(*) DESC, min(r.away), r.store_id) AS place
    FROM unnest($2::uuid[], $8::uuid[], $9::bigint[]) AS w(order_id, variant_id, quantity)
    JOIN reached r ON r.order_id = w.order_id
    JOIN stock s ON s.tenant_id = $1 AND s.location_id = r.store_id AND s.variant_id = w.variant_id {RULES_OF}
    WHERE {SELLABLE} >= w.quantity GROUP BY r.order_id, r.store_id
) ranked WHERE place <= {CHOICE} + 1 ORDER BY order_id, place
"""


def may_split(work: Work, one: Candidate) -> bool:
    """Whether an order may come in several packages."""
    wanted = one.request.accept_split and one.cart.fulfilment == DELIVERY
    return wanted and work.rules(OrderRules, one.store_id).most_packages > 1


async def sharers(work: Work, candidates: Sequence[Candidate]) -> dict[UUID, list[UUID]]:
    """The stores that may share each order, best first: they deliver there and have all of something."""
    goods = [(one.order_id, *item) for one in candidates for item in one.demand.quantities.items()]
    cells = [cell for one in candidates for cell in _cells(work, one)]
    orders, *wanted = zip(*goods, strict=True)
    rows = await work.fetch(
        SHARERS,
        list(orders),
        *inventory.rules_in_sql(work),
        *map(list, wanted),
        *map(list, zip(*cells, strict=True)),
    )
    open_ = await _open(work, {row["store_id"] for row in rows})
    found: dict[UUID, list[UUID]] = {one.order_id: [] for one in candidates}
    own = {one.order_id: (one.store_id, one.cart.slot_start is not None) for one in candidates}
    for order_id, store_id in rows:
        mine, later = own[order_id]
        if store_id != mine and (later or store_id in open_):
            found[order_id].append(store_id)
    return {key: some[:CHOICE] for key, some in found.items()}


def _cells(work: Work, one: Candidate) -> list[tuple[UUID, int, float, float]]:
    address = contacts.open_address(work.vault, one.cart.sealed_address, "cart", one.cart.id)
    assert address is not None, "a delivery without its address"
    point = address.location
    return [(one.order_id, cell, point.latitude, point.longitude) for cell in stores.with_ancestors(point)]


async def _open(work: Work, store_ids: set[UUID]) -> set[UUID]:
    now, zone = clock.now(), work.brand.time_zone
    found = await stores.by_ids(work, sorted(store_ids))
    return {one.id for one in found if one is not None and stores.is_open(one.opening_hours, now, zone)}


async def reserve(
    work: Work, short: Sequence[Candidate], others: Mapping[UUID, Sequence[UUID]]
) -> list[OutOfStock | None]:
    """Take each order's goods from its own store and others, line by line."""
    groups = [together(one.cart.lines) for one in short]
    splits = [
        Split(one.demand, [_goods(lines) for lines in some], others[one.order_id], _most(work, one))
        for one, some in zip(short, groups, strict=True)
    ]
    answers = await inventory.reserve_split(work, splits)
    for one, some, answer in zip(short, groups, answers, strict=True):
        if not isinstance(answer, OutOfStock):
            one.packages = _elsewhere(some, answer, one.store_id)
    return [answer if isinstance(answer, OutOfStock) else None for answer in answers]


def _most(work: Work, one: Candidate) -> int:
    return work.rules(OrderRules, one.store_id).most_packages


def _elsewhere(groups: Sequence[Sequence[CartLineRow]], places: Sequence[UUID], own: UUID) -> dict[UUID, UUID]:
    """The store of each line that another one gives."""
    pairs = zip(groups, places, strict=True)
    return {line.id: place for lines, place in pairs if place != own for line in lines}


def together(lines: Sequence[CartLineRow]) -> list[list[CartLineRow]]:
    """Lines that take of the same goods go into one package: what an order keeps of a variant lies in one place."""
    groups: list[list[CartLineRow]] = []
    for line in lines:
        alike = [group for group in groups if any(line.goods.keys() & other.goods.keys() for other in group)]
        groups = [group for group in groups if group not in alike]
        groups.append([one for group in alike for one in group] + [line])
    return groups


def _goods(lines: Sequence[CartLineRow]) -> dict[UUID, int]:
    goods: dict[UUID, int] = {}
    for line in lines:
        for variant_id, each in line.goods.items():
            goods[variant_id] = goods.get(variant_id, 0) + each * line.quantity
    return goods
