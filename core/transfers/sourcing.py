"""Which other places may give what one is short of: warehouses first, then the store that has most of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import inventory
from core.inventory import RULES_OF, SELLABLE, Demand, Helpers
from core.work import Work

CHOICE = 3  #: places that are looked at for each want; more would only be locked for nothing

SOURCES = f"""
SELECT w.location_id, w.variant_id, w.missing, found.location_id
FROM unnest($2::uuid[], $8::uuid[], $9::bigint[]) AS w(location_id, variant_id, missing)
CROSS JOIN LATERAL (
    SELECT s.location_id, l.kind = 'WAREHOUSE' AS only_stores, {SELLABLE} AS free
    FROM stock s JOIN location l ON l.tenant_id = $1 AND l.id = s.location_id
    LEFT JOIN store t ON t.tenant_id = $1 AND t.id = s.location_id {RULES_OF}
    WHERE s.tenant_id = $1 AND s.variant_id = w.variant_id AND s.location_id <> w.location_id
      AND coalesce(t.active, l.active) AND {SELLABLE} >= w.missing
    ORDER BY only_stores DESC, free DESC, s.location_id LIMIT {CHOICE}
) found
ORDER BY found.only_stores DESC, found.free DESC, found.location_id
"""


@dataclass(frozen=True, slots=True)
class Want:
    """So much of a variant is missing at a place."""

    location_id: UUID
    variant_id: UUID
    missing: int


async def sources(work: Work, wants: Collection[Want]) -> Mapping[Want, Sequence[UUID]]:
    """Places in use that have all that is missing, as online orders may take it, best first; one statement for all."""
    found: defaultdict[Want, list[UUID]] = defaultdict(list)
    asked = list(set(wants))
    if asked:
        columns = [w.variant_id for w in asked], [w.missing for w in asked]
        rules = inventory.rules_in_sql(work)
        for *want, source in await work.fetch(SOURCES, [w.location_id for w in asked], *rules, *columns):
            found[Want(*want)].append(source)
    return found


async def helpers(work: Work, demands: Sequence[Demand]) -> list[Helpers]:
    """Who could give what each demand's own place may not have by the time it is taken; two statements for all."""
    places = {demand.location_id for demand in demands}
    free = await inventory.available(work, places, {key for demand in demands for key in demand.quantities})
    wants = [
        {
            key: Want(demand.location_id, key, max(quantity - free.get((demand.location_id, key), 0), 1))
            for key, quantity in demand.quantities.items()
        }
        for demand in demands
    ]
    known = await sources(work, [want for some in wants for want in some.values()])
    return [{key: known.get(want, ()) for key, want in some.items()} for some in wants]
