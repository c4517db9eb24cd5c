"""Places that hold stock and sell none: they fill up stores, and send what shoppers wait for."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from core import audit, turns
from core.errors import Forbidden, Invalid, NotFound
from core.ids import new_id
from core.stores.permissions import MANAGE_WAREHOUSES
from core.stores.places import GeoPoint
from core.stores.queries import warehouses
from core.stores.rows import LocationRow
from core.work import Work

INSERT = """
INSERT INTO location (tenant_id, id, name, kind, latitude, longitude) VALUES ($1, $2, $3, 'WAREHOUSE', $4, $5)
"""
CHANGE = """
UPDATE location SET name = $3, active = $4, latitude = $5, longitude = $6
WHERE tenant_id = $1 AND id = $2 AND kind = 'WAREHOUSE'
"""


@dataclass(frozen=True, slots=True)
class WarehouseChange:
    """What becomes of a warehouse; None leaves it as it is."""

    name: str | None = None
    active: bool | None = None
    location: GeoPoint | None = None


async def open_warehouse(work: Work, name: str, location: GeoPoint | None = None) -> UUID:
    """Add a warehouse, under a name that no other has."""
    await _take_turn(work, name)
    made = LocationRow(new_id(), name, "WAREHOUSE", True, *_coordinates(location))
    await work.execute(INSERT, made.id, made.name, made.latitude, made.longitude)
    await audit.record(work, "warehouse.opened", "Location", made.id, after=_facts(made))
    return made.id


async def change_warehouse(work: Work, warehouse_id: UUID | None, change: WarehouseChange) -> UUID:
    """Rename a warehouse, move it, close it or open it again; one that is closed is not taken from by itself."""
    known = await _take_turn(work, change.name, but=warehouse_id)
    before = known.get(warehouse_id) if warehouse_id is not None else None
    if before is None:
        raise NotFound(what="warehouse", path=("input", "warehouseId"))
    after = _changed(before, change)
    if after != before:
        await work.execute(CHANGE, after.id, after.name, after.active, after.latitude, after.longitude)
        was, became = _facts(before), _facts(after)
        await audit.record(work, "warehouse.changed", "Location", after.id, before=was, after=became)
    return after.id


async def _take_turn(work: Work, name: str | None, but: UUID | None = None) -> dict[UUID, LocationRow]:
    """The warehouses there are, none of which is called so, and none of which changes meanwhile."""
    if work.actor.stores(MANAGE_WAREHOUSES.name) is not None:  # they are the whole brand's affair
        raise Forbidden(permission=MANAGE_WAREHOUSES.name)
    await turns.take(work, "warehouses")
    known = {one.id: one for one in await warehouses(work)}
    if any(one.name == name and one.id != but for one in known.values()):
        raise Invalid(reason="Another warehouse has this name.", path=("input", "name"))
    return known


def _changed(before: LocationRow, change: WarehouseChange) -> LocationRow:
    latitude, longitude = _coordinates(change.location or before.location)
    return replace(
        before,
        name=change.name or before.name,
        active=before.active if change.active is None else change.active,
        latitude=latitude,
        longitude=longitude,
    )


def _coordinates(place: GeoPoint | None) -> tuple[float | None, float | None]:
    return (place.latitude, place.longitude) if place is not None else (None, None)


def _facts(warehouse: LocationRow) -> dict[str, object]:
    facts = asdict(warehouse)
    return {key: facts[key] for key in ("name", "active", "latitude", "longitude")}
