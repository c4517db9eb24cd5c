"""Anything again by its id."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID

from core.errors import Invalid
from schema import relay
from schema.context import Info
from schema.fields import PUBLIC, batched, query
from schema.relay import Node

_MOST = 100


@batched(Node, ID, cost=0, name="id")
async def node_id(rows: Sequence[Any], info: Info) -> list[ID]:
    """Opaque: type and key."""
    return [relay.id_of(row) for row in rows]


@query(Node | None, access=PUBLIC)
async def node(info: Info, id: ID) -> Any:
    """What an id stands for; null for one that is unknown or not yours to see."""
    return (await _load(info, [id]))[0]


@query(list[Node | None], access=PUBLIC, cost=20)
async def nodes(info: Info, ids: list[ID]) -> list[Any]:
    """What ids stand for, in their order."""
    if len(ids) > _MOST:
        raise Invalid(reason=f"At most {_MOST} ids can be asked for.", path=("ids",))
    return await _load(info, ids)


async def _load(info: Info, ids: list[ID]) -> list[Any]:
    """Load each type's nodes at once."""
    parsed = [relay.parse(value) for value in ids]
    found: dict[tuple[str, object], Any] = {}
    for type_name in {part[0] for part in parsed if part is not None}:
        load = relay.loader_of(type_name)
        keys = [part[1] for part in parsed if part is not None and part[0] == type_name]
        if load is not None:
            found.update(zip([(type_name, key) for key in keys], await load(info.work, keys), strict=True))
    return [found.get(part) if part is not None else None for part in parsed]
