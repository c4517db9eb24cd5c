"""Bundles: variants that are made of other variants, and have no stock but theirs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from core import audit
from core.catalog.errors import NoOwnStock
from core.catalog.permissions import MANAGE
from core.catalog.rows import ComponentRow, VariantRow
from core.errors import Forbidden, Invalid, LimitReached, NotFound
from core.work import Work

MOST_COMPONENTS = 20
MOST_OF_ONE = 100  #: of a component in one bundle
PIECE = "PIECE"
_BUNDLE, _COMPONENTS = ("input", "variantId"), ("input", "components")
_COMPONENT, _QUANTITY = (*_COMPONENTS, "variantId"), (*_COMPONENTS, "quantity")

COMPONENTS = """
SELECT bundle_id, variant_id, quantity FROM bundle_component
WHERE tenant_id = $1 AND bundle_id = any($2::uuid[]) ORDER BY bundle_id, position
"""
# Two that would make bundles of each other wait here; orders go on, since they look at keys alone.
LOCK = """
SELECT id, bundle, unit FROM variant WHERE tenant_id = $1 AND id = any($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""
# Whoever puts the first of it on a shelf looks at the key: they have been here before, or come after.
LOCK_KEY = "SELECT 1 FROM variant WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
KEPT = "SELECT 1 FROM stock WHERE tenant_id = $1 AND variant_id = $2 LIMIT 1"
CONTAINED = "SELECT 1 FROM bundle_component WHERE tenant_id = $1 AND variant_id = $2 LIMIT 1"
CLEAR = "DELETE FROM bundle_component WHERE tenant_id = $1 AND bundle_id = $2"
WRITE = """
INSERT INTO bundle_component (tenant_id, bundle_id, variant_id, quantity, position)
SELECT $1, $2, c.* FROM unnest($3::uuid[], $4::bigint[], $5::smallint[]) AS c
"""
MARK = "UPDATE variant SET bundle = $3 WHERE tenant_id = $1 AND id = $2 AND bundle <> $3"


async def components_of(work: Work, bundle_ids: Collection[UUID]) -> list[list[ComponentRow]]:
    """What each bundle is made of, in the brand's order; nothing for what is no bundle."""
    groups: dict[UUID, list[ComponentRow]] = {key: [] for key in bundle_ids}
    for row in await work.rows(ComponentRow, COMPONENTS, list(groups)) if groups else ():
        groups[row.bundle_id].append(row)
    return [groups[key] for key in bundle_ids]


async def parts_of(work: Work, bundle_ids: Collection[UUID]) -> dict[UUID, dict[UUID, int]]:
    """The same as quantities by variant, by bundle."""
    found = await components_of(work, bundle_ids)
    return {key: {one.variant_id: one.quantity for one in some} for key, some in zip(bundle_ids, found, strict=True)}


def require_own_stock(variants: Iterable[VariantRow], path: Sequence[str]) -> None:
    """Refuse bundles where stock is kept, moved or counted."""
    for variant in variants:
        if variant.bundle:
            raise NoOwnStock(sku=variant.sku, path=tuple(path))


async def set_bundle(work: Work, variant_id: UUID | None, components: Sequence[tuple[UUID | None, int]]) -> UUID:
    """Make a variant a bundle of these from now on, or what it was before; orders keep what they were placed with."""
    if work.actor.stores(MANAGE.name) is not None:  # what is sold is the whole brand's affair
        raise Forbidden(permission=MANAGE.name)
    wanted = _wanted(components)
    bundle = await _locked(work, variant_id, wanted)
    before = (await parts_of(work, [bundle]))[bundle]
    if wanted:
        await _require_empty(work, bundle)
    if list(before.items()) != list(wanted.items()):
        await _write(work, bundle, wanted)
        was, became = _facts(before), _facts(wanted)
        await audit.record(work, "bundle.set", "ProductVariant", bundle, before=was, after=became)
    return bundle


def _wanted(components: Sequence[tuple[UUID | None, int]]) -> dict[UUID, int]:
    if len(components) > MOST_COMPONENTS:
        raise LimitReached(reason=f"A bundle has at most {MOST_COMPONENTS} components.", path=_COMPONENTS)
    if any(not 1 <= quantity <= MOST_OF_ONE for _, quantity in components):
        raise Invalid(reason=f"A bundle has 1 to {MOST_OF_ONE} of a component.", path=_QUANTITY)
    wanted = {key: quantity for key, quantity in components if key is not None}
    if any(key is None for key, _ in components):
        raise NotFound(what="variant", path=_COMPONENT)
    if len(wanted) < len(components):
        raise Invalid(reason="A variant is named once.", path=_COMPONENT)
    return wanted


async def _locked(work: Work, variant_id: UUID | None, wanted: Mapping[UUID, int]) -> UUID:
    """The bundle, held with what it is to be made of, if it can be made of that."""
    found = {row["id"]: row for row in await work.fetch(LOCK, [key for key in (variant_id, *wanted) if key])}
    if variant_id is None or variant_id not in found:
        raise NotFound(what="variant", path=_BUNDLE)
    if not wanted.keys() <= found.keys():
        raise NotFound(what="variant", path=_COMPONENT)
    if variant_id in wanted:
        raise Invalid(reason="A bundle is not made of itself.", path=_COMPONENT)
    if any(found[key]["bundle"] for key in wanted):
        raise Invalid(reason="A bundle is not made of bundles.", path=_COMPONENT)
    if any(found[key]["unit"] != PIECE for key in wanted):
        raise Invalid(reason="A bundle is made of what is counted in pieces.", path=_COMPONENT)
    if wanted and found[variant_id]["unit"] != PIECE:
        raise Invalid(reason="A bundle is counted in pieces.", path=_BUNDLE)
    return variant_id


async def _require_empty(work: Work, bundle: UUID) -> None:
    """What was ever kept in stock stays what it is: what comes back of it would lie where nobody sells it."""
    await work.value(LOCK_KEY, bundle)
    if await work.value(KEPT, bundle) is not None:
        reason = "This was kept in stock: take a new variant for the bundle."
        raise Invalid(reason=reason, path=_BUNDLE)
    if await work.value(CONTAINED, bundle) is not None:
        raise Invalid(reason="Another bundle is made of this.", path=_BUNDLE)


async def _write(work: Work, bundle: UUID, wanted: Mapping[UUID, int]) -> None:
    await work.execute(CLEAR, bundle)
    if wanted:
        await work.execute(WRITE, bundle, list(wanted), list(wanted.values()), list(range(len(wanted))))
    await work.execute(MARK, bundle, bool(wanted))


def _facts(parts: Mapping[UUID, int]) -> dict[str, object]:
    return {"components": {str(key): quantity for key, quantity in parts.items()}}
