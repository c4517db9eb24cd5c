"""Adding to the catalog."""

from collections.abc import Sequence
from uuid import UUID

from core import clock
from core.catalog.models import Category, Product, SearchTerm, Variant
from core.catalog.search import weighted_terms
from core.ids import new_id
from core.work import Work

_NAME, _CATEGORY, _DESCRIPTION = 8, 3, 1  # how much a word counts by where it stands


async def add_category(work: Work, category: Category) -> UUID:
    """Add a category."""
    category.id = new_id()
    work.add(category)
    await work.session.flush()  # children refer to it
    return category.id


async def add_product(work: Work, product: Product, variants: Sequence[Variant], *, category: str = "") -> UUID:
    """Add a product with its variants, and file it under the words it is found by."""
    product.id, product.created_at = new_id(), clock.now()
    product.lowest_price = min(variant.price for variant in variants)
    product.highest_price = max(variant.price for variant in variants)
    work.add(product)
    await work.session.flush()  # variants and terms refer to it
    for position, variant in enumerate(variants):
        variant.id, variant.product_id, variant.position = new_id(), product.id, position
    work.add(*variants)
    work.add(*[SearchTerm(term=t, product_id=product.id, weight=w) for t, w in terms(product, category).items()])
    return product.id


def terms(product: Product, category: str) -> dict[str, int]:
    """The words a product is found by."""
    names = [(name, _NAME) for name in (product.name, product.name_en) if name]
    texts = [(text, _DESCRIPTION) for text in (product.description, product.description_en) if text]
    return weighted_terms([*names, (category, _CATEGORY), *texts])
