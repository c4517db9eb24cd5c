"""Brands with everything they show: the door of this package."""

from collections.abc import Iterator

from hexmart.demo import catalogue, drafts, profiles
from hexmart.demo import stores as shops
from hexmart.demo.seeds import BrandSeed

BRANDS = profiles.slugs()
SEED = 1


def brand(slug: str, stores: int | None = None, products: int | None = None, seed: int = SEED) -> BrandSeed:
    """One brand, with as many stores and products as it has by itself unless told."""
    who = profiles.profile(slug)
    return BrandSeed(
        slug=who.slug,
        name=who.name,
        name_en=who.name_en,
        stores=shops.brand_stores(slug, who.stores if stores is None else stores, seed),
        categories=drafts.categories(who.catalogue),
        products=catalogue.products(slug, who.products if products is None else products, seed),
    )


def brands(
    tenants: int = 3, stores: int | None = None, products: int | None = None, seed: int = SEED
) -> Iterator[BrandSeed]:
    """The three brands, and small further ones if more tenants are wanted; stores and products are of each."""
    return (brand(profiles.slug(number), stores, products, seed) for number in range(1, tenants + 1))
