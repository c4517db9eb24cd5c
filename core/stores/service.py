"""Opening stores and drawing where they deliver."""

from collections.abc import Sequence
from uuid import UUID

from core import quotas
from core.ids import new_id
from core.stores.models import Location, Store, StoreCell
from core.stores.places import RESOLUTIONS, GeoPoint
from core.work import Work

ACTIVE = "SELECT count(*) FROM store WHERE tenant_id = $1 AND active"
CLEAR_AREA = "DELETE FROM delivery_cell WHERE tenant_id = $1 AND store_id = $2"
DRAW_AREA = "INSERT INTO delivery_cell (tenant_id, store_id, cell) SELECT $1, $2, unnest($3::bigint[])"


async def open_store(work: Work, store: Store, *, area: Sequence[int] = ()) -> UUID:
    """Add a store with its place in the index, its stock location and its delivery area (H3 cells)."""
    await quotas.hold(work, "stores", active_stores)
    store.id = new_id()
    point = GeoPoint(store.latitude, store.longitude)
    work.add(store)
    await work.session.flush()  # what follows refers to the store's row
    work.add(*[StoreCell(resolution=r, cell=point.cell(r), store_id=store.id) for r in RESOLUTIONS])
    work.add(Location(id=store.id, name=store.name, kind="STORE"))
    await work.execute(DRAW_AREA, store.id, area)
    return store.id


async def active_stores(work: Work) -> int:
    """How many stores the brand has that are not closed for good."""
    return int(await work.value(ACTIVE))


async def set_delivery_area(work: Work, store_id: UUID, area: Sequence[int]) -> None:
    """Replace where a store delivers."""
    await work.execute(CLEAR_AREA, store_id)
    await work.execute(DRAW_AREA, store_id, area)
