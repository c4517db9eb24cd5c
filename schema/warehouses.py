"""Places that hold stock: the stores, and warehouses, which the brand opens and closes."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts, inventory, stores
from core.stores import LocationRow, WarehouseChange
from core.work import Work
from schema import relay
from schema.common import GeoPoint, GeoPointInput, point_of
from schema.context import Info
from schema.enums import LocationKind
from schema.fields import field, mutation, node_type, query
from schema.payloads import Payload
from schema.relay import Node


async def _load(work: Work, ids: Sequence[UUID]) -> list[LocationRow | None]:
    """Where stock lies is the brand's business; staff see the places that their role reaches."""
    found = await stores.locations_by_ids(work, ids)
    return [place if place and work.actor.may(inventory.READ.name, place.id) else None for place in found]


@node_type(LocationRow, _load)
class Location(Node):
    """A place that holds stock; a store's location has the store's id."""

    name: str = field("Its name.")
    kind: LocationKind = field("Whether it is a store.")
    active: bool = field("Whether it is in use: stock of one that is not is sent nowhere by itself.")
    location: GeoPoint | None = field("Where it is; null: nobody has said so.")


@strawberry.type(description="The warehouse, or why nothing was changed.")
class WarehousePayload(Payload):
    warehouse: Location | None = field("The warehouse as it is now.")


@strawberry.input(description="A new warehouse.")
class WarehouseCreateInput:
    name: str = field("What it is called; no other warehouse has this name.")
    location: GeoPointInput | None = strawberry.field(description="Where it is.", default=None)


@strawberry.input(description="What changes of a warehouse; what is left out stays.")
class WarehouseUpdateInput:
    warehouse_id: ID = field("The warehouse.")
    name: str | None = strawberry.field(description="What it is called from now on.", default=None)
    location: GeoPointInput | None = strawberry.field(description="Where it is.", default=None)
    active: bool | None = strawberry.field(
        description="False: nothing is sent from it by itself any more; its stock stays.", default=None
    )


@query(list[Location], access=inventory.READ, cost=20)
async def warehouses(info: Info) -> list[LocationRow]:
    """Places that hold stock and are no stores, as far as your role reaches."""
    return [place for place in await stores.warehouses(info.work) if info.viewer.may(inventory.READ.name, place.id)]


@mutation(WarehousePayload, access=stores.MANAGE_WAREHOUSES)
async def warehouse_create(work: Work, input: WarehouseCreateInput) -> LocationRow | None:
    """Open a warehouse. The permission has to be the whole brand's."""
    name = contacts.text(input.name, path=("input", "name"))
    return await _warehouse(work, await stores.open_warehouse(work, name, _place(input.location)))


@mutation(WarehousePayload, access=stores.MANAGE_WAREHOUSES)
async def warehouse_update(work: Work, input: WarehouseUpdateInput) -> LocationRow | None:
    """Rename a warehouse, move it, close it or open it again. The permission has to be the whole brand's."""
    name = None if input.name is None else contacts.text(input.name, path=("input", "name"))
    change = WarehouseChange(name, input.active, _place(input.location))
    key = relay.key_of("Location", input.warehouse_id)
    return await _warehouse(work, await stores.change_warehouse(work, key, change))


def _place(given: GeoPointInput | None) -> stores.GeoPoint | None:
    return None if given is None else point_of(given, ("input", "location"))


async def _warehouse(work: Work, key: UUID) -> LocationRow | None:
    return (await stores.locations_by_ids(work, [key]))[0]
