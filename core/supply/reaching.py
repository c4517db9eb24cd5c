"""The places and goods that a change of supply may be about."""

from collections.abc import Sequence
from uuid import UUID

from core import catalog, stores
from core.catalog import VariantRow
from core.errors import Forbidden, Invalid, NotFound
from core.permission import Permission
from core.work import Work

MOST_OF_A_LINE = 1_000_000  #: pieces, grams or millilitres


async def place(
    work: Work, permission: Permission, location_id: UUID | None, path: Sequence[str] = ("input", "locationId")
) -> UUID:
    """A place that holds stock and that the actor's permission reaches; any other is not found."""
    found = (await stores.locations_by_ids(work, [location_id]))[0] if location_id is not None else None
    if found is None or not work.actor.may(permission.name, found.id):
        raise NotFound(what="location", path=tuple(path))
    return found.id


async def goods(work: Work, variant_ids: Sequence[UUID | None], path: Sequence[str]) -> list[VariantRow]:
    """The variants of lines, each of them once, and none of them a bundle."""
    known = [key for key in variant_ids if key is not None]
    found = await catalog.variants_sold(work, known)
    if len(known) < len(variant_ids) or None in found:
        raise NotFound(what="variant", path=tuple(path))
    if len(set(known)) < len(known):
        raise Invalid(reason="A variant stands in one line.", path=tuple(path))
    variants = [variant for variant in found if variant is not None]
    catalog.require_own_stock(variants, path)
    return variants


def everywhere(work: Work, permission: Permission) -> None:
    """What belongs to the brand and to no store: whoever may do it in some stores alone may not do it."""
    if work.actor.stores(permission.name) is not None:
        raise Forbidden(permission=permission.name)
