"""Reads of the catalog, by key."""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.catalog.rows import CategoryRow, ProductRow, VariantRow
from core.work import Work

PRODUCT = """p.id, p.slug, coalesce(CASE WHEN $2 = 'en' THEN p.name_en END, p.name),
    coalesce(CASE WHEN $2 = 'en' THEN p.description_en END, p.description),
    p.category_id, p.images, p.rating, p.lowest_price, p.highest_price"""
VARIANT = """v.id, v.product_id, v.sku, v.barcode, coalesce(CASE WHEN $2 = 'en' THEN v.name_en END, v.name),
    v.options::text, v.unit, v.priced_per, v.price, v.list_price, v.bundle"""
CATEGORY = "c.id, c.slug, coalesce(CASE WHEN $2 = 'en' THEN c.name_en END, c.name), c.parent_id, c.position"

PRODUCTS_BY_IDS = f"SELECT {PRODUCT} FROM product p WHERE p.tenant_id = $1 AND p.id = any($3::uuid[]) AND p.published"
PRODUCT_BY_SLUG = f"SELECT {PRODUCT} FROM product p WHERE p.tenant_id = $1 AND p.slug = $3 AND p.published"
VARIANTS_OF = f"""
SELECT {VARIANT} FROM variant v WHERE v.tenant_id = $1 AND v.product_id = any($3::uuid[]) ORDER BY v.position, v.id
"""
VARIANTS_BY_IDS = f"""
SELECT {VARIANT} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
WHERE v.tenant_id = $1 AND v.id = any($3::uuid[]) AND p.published
"""
VARIANTS_SOLD = f"SELECT {VARIANT} FROM variant v WHERE v.tenant_id = $1 AND v.id = any($3::uuid[])"
VARIANT_BY_SKU = f"""
SELECT {VARIANT} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
WHERE v.tenant_id = $1 AND v.sku = $3 AND p.published
"""
VARIANTS_BY_BARCODES = f"""
SELECT {VARIANT} FROM variant v JOIN product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
WHERE v.tenant_id = $1 AND v.barcode = any($3::text[]) AND p.published
"""
CATEGORIES = f"SELECT {CATEGORY} FROM category c WHERE c.tenant_id = $1 ORDER BY c.position, c.slug"
CATEGORIES_BY_IDS = f"SELECT {CATEGORY} FROM category c WHERE c.tenant_id = $1 AND c.id = any($3::uuid[])"

CATEGORY_OF = """
SELECT v.id, p.category_id FROM variant v JOIN product p ON p.tenant_id = $1 AND p.id = v.product_id
WHERE v.tenant_id = $1 AND v.id = any($2::uuid[])
"""
PLACEMENTS = """
SELECT variant_id, placement FROM shelf WHERE tenant_id = $1 AND store_id = $2 AND variant_id = any($3::uuid[])
"""


async def products_by_ids(work: Work, ids: Sequence[UUID]) -> list[ProductRow | None]:
    """Published products in the order of their ids."""
    found = {row.id: row for row in await work.rows(ProductRow, PRODUCTS_BY_IDS, work.language, list(set(ids)))}
    return [found.get(key) for key in ids]


async def product_by_slug(work: Work, slug: str) -> ProductRow | None:
    """The published product with that slug."""
    return await work.row(ProductRow, PRODUCT_BY_SLUG, work.language, slug)


async def variants_of(work: Work, product_ids: Sequence[UUID]) -> list[list[VariantRow]]:
    """The variants of each product."""
    grouped: dict[UUID, list[VariantRow]] = {key: [] for key in product_ids}
    for row in await work.rows(VariantRow, VARIANTS_OF, work.language, list(grouped)):
        grouped[row.product_id].append(row)
    return [grouped[key] for key in product_ids]


async def variants_by_ids(work: Work, ids: Sequence[UUID]) -> list[VariantRow | None]:
    """Variants of published products in the order of their ids."""
    found = {row.id: row for row in await work.rows(VariantRow, VARIANTS_BY_IDS, work.language, list(set(ids)))}
    return [found.get(key) for key in ids]


async def variants_sold(work: Work, ids: Sequence[UUID]) -> list[VariantRow | None]:
    """Variants in the order of their ids, those no longer shown included: an order remembers them."""
    found = {row.id: row for row in await work.rows(VariantRow, VARIANTS_SOLD, work.language, list(set(ids)))}
    return [found.get(key) for key in ids]


async def variant_by_sku(work: Work, sku: str) -> VariantRow | None:
    """The variant with that stock-keeping code."""
    return await work.row(VariantRow, VARIANT_BY_SKU, work.language, sku)


async def variants_by_barcodes(work: Work, barcodes: Sequence[str]) -> list[VariantRow | None]:
    """Variants in the order of their barcodes."""
    rows = await work.rows(VariantRow, VARIANTS_BY_BARCODES, work.language, list(set(barcodes)))
    found = {row.barcode: row for row in rows}
    return [found.get(barcode) for barcode in barcodes]


async def categories(work: Work) -> list[CategoryRow]:
    """Every category, in the brand's order."""
    return await work.rows(CategoryRow, CATEGORIES, work.language)


async def categories_by_ids(work: Work, ids: Sequence[UUID | None]) -> list[CategoryRow | None]:
    """Categories in the order of their ids."""
    wanted = [key for key in ids if key is not None]
    found = {row.id: row for row in await work.rows(CategoryRow, CATEGORIES_BY_IDS, work.language, wanted)}
    return [found.get(key) if key else None for key in ids]


async def nearest_named(work: Work, variant_ids: Collection[UUID], named: Collection[str]) -> dict[UUID, str]:
    """The nearest of the named categories, from that of the product upwards; of variants that are in one."""
    if not named:
        return {}
    known = {row.id: row for row in await categories(work)}
    found = {}
    for variant_id, category_id in await work.fetch(CATEGORY_OF, list(variant_ids)):
        at = known.get(category_id)
        while at is not None and at.slug not in named:
            at = known.get(at.parent_id) if at.parent_id is not None else None
        if at is not None:
            found[variant_id] = at.slug
    return found


async def placements(work: Work, store_id: UUID, variant_ids: Sequence[UUID]) -> list[str | None]:
    """Where in a store each variant stands."""
    rows = await work.fetch(PLACEMENTS, store_id, list(set(variant_ids)))
    found: dict[UUID, str | None] = {row["variant_id"]: row["placement"] for row in rows}
    return [found.get(key) for key in variant_ids]
