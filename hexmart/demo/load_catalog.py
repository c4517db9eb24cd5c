"""Categories, products, variants, and the words that products are found by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from core import clock
from core.catalog.models import Product
from core.catalog.service import terms
from core.ids import new_id
from core.work import Work
from hexmart.demo.load_rows import ids, insert
from hexmart.demo.seeds import BrandSeed, CategorySeed, ProductSeed

CATEGORIES = "SELECT slug, id FROM category WHERE tenant_id = $1"
PRODUCTS = "SELECT slug FROM product WHERE tenant_id = $1 AND slug = any($2::text[])"
VARIANTS = "SELECT sku, id FROM variant WHERE tenant_id = $1 AND sku = any($2::text[])"


async def add_catalog(work: Work, brand: BrandSeed) -> dict[str, UUID]:
    """Add what the brand does not sell yet; the ids of all its variants, by SKU."""
    categories = await _add_categories(work, brand.categories)
    known = {row["slug"] for row in await work.fetch(PRODUCTS, [seed.slug for seed in brand.products])}
    fresh = {new_id(): seed for seed in brand.products if seed.slug not in known}
    rows = {key: _product(seed, key, categories) for key, seed in fresh.items()}
    labels = {seed.slug: f"{seed.name} {seed.name_en}" for seed in brand.categories}
    await insert(work, "product", list(rows.values()))
    await insert(work, "variant", [row for key, seed in fresh.items() for row in _variants(seed, key)])
    await insert(work, "search_term", [r for k, s in fresh.items() for r in _terms(rows[k], labels[s.category])])
    return await ids(work, VARIANTS, [one.sku for seed in brand.products for one in seed.variants])


async def _add_categories(work: Work, seeds: Sequence[CategorySeed]) -> dict[str, UUID]:
    known = await ids(work, CATEGORIES)
    fresh = {seed.slug: new_id() for seed in seeds if seed.slug not in known}
    every = known | fresh
    rows = [_category(seed, position, every) for position, seed in enumerate(seeds) if seed.slug in fresh]
    await insert(work, "category", rows)
    return every


def _category(seed: CategorySeed, position: int, keys: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": keys[seed.slug],
        "slug": seed.slug,
        "name": seed.name,
        "name_en": seed.name_en,
        "parent_id": keys[seed.parent] if seed.parent else None,
        "position": position,
    }


def _product(seed: ProductSeed, product_id: UUID, categories: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": product_id,
        "slug": seed.slug,
        "name": seed.name,
        "name_en": seed.name_en,
        "description": seed.description,
        "description_en": seed.description_en,
        "category_id": categories[seed.category],
        "images": seed.images,
        "rating": seed.rating,
        "lowest_price": min(variant.price for variant in seed.variants),
        "highest_price": max(variant.price for variant in seed.variants),
        "published": True,
        "created_at": clock.now(),
    }


def _variants(seed: ProductSeed, product_id: UUID) -> Iterator[dict[str, Any]]:
    for position, variant in enumerate(seed.variants):
        yield {
            "id": new_id(),
            "product_id": product_id,
            "sku": variant.sku,
            "barcode": variant.barcode,
            "name": variant.name,
            "name_en": variant.name_en,
            "options": variant.options,
            "unit": variant.unit,
            "priced_per": variant.priced_per,
            "price": variant.price,
            "list_price": variant.list_price,
            "position": position,
        }


def _terms(product: Mapping[str, Any], category: str) -> Iterator[dict[str, Any]]:
    for term, weight in terms(Product(**product), category).items():
        yield {"term": term, "product_id": product["id"], "weight": weight}
