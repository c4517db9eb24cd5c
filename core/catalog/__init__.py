"""The catalog: products, their variants, categories, and how they are found."""

from core.catalog.barcodes import ScaleLabel, check_digit, scale_label
from core.catalog.bundles import components_of, parts_of, require_own_stock, set_bundle
from core.catalog.errors import NoOwnStock
from core.catalog.listing import Listing, Sort, count, page, sort_key
from core.catalog.permissions import MANAGE
from core.catalog.queries import (
    categories,
    categories_by_ids,
    nearest_named,
    placements,
    product_by_slug,
    products_by_ids,
    variant_by_sku,
    variants_by_barcodes,
    variants_by_ids,
    variants_of,
    variants_sold,
)
from core.catalog.rows import CategoryRow, ComponentRow, Option, ProductRow, VariantRow
from core.catalog.rules import CatalogRules
from core.catalog.search import terms_of
from core.catalog.service import add_category, add_product

__all__ = [
    "MANAGE",
    "CatalogRules",
    "CategoryRow",
    "ComponentRow",
    "Listing",
    "NoOwnStock",
    "Option",
    "ProductRow",
    "ScaleLabel",
    "Sort",
    "VariantRow",
    "add_category",
    "add_product",
    "categories",
    "categories_by_ids",
    "check_digit",
    "components_of",
    "count",
    "nearest_named",
    "page",
    "parts_of",
    "placements",
    "product_by_slug",
    "products_by_ids",
    "require_own_stock",
    "scale_label",
    "set_bundle",
    "sort_key",
    "terms_of",
    "variant_by_sku",
    "variants_by_barcodes",
    "variants_by_ids",
    "variants_of",
    "variants_sold",
]
