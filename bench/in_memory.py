"""A shop that lies in memory: what every contestant of `execution` is asked for, and how one would build it by hand."""

from dataclasses import dataclass
from typing import Any

DOCUMENT = """query ProductList($first: Int!) {
  products(first: $first) {
    edges { node { id name slug variants { id sku name price { amount currency } stock { available } } } }
  }
}"""
SHOWN = 20
VARIABLES = {"first": SHOWN}
LEAVES = 420  #: three of each product, six of each of its three variants
IN_ALL = 50


@dataclass(frozen=True, slots=True)
class PriceRow:
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class StockRow:
    available: int


@dataclass(frozen=True, slots=True)
class VariantRow:
    id: str
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    id: str
    name: str
    slug: str


def _key(number: int) -> str:
    return f"01890a5d-ac96-774b-bcce-{number:012d}"


PRODUCTS = [ProductRow(_key(n), f"Product number {n}", f"product-number-{n}") for n in range(IN_ALL)]
VARIANTS = {
    product.id: [VariantRow(_key(1000 + 10 * n + m), f"SKU-{n:05d}-{m}", f"Size {m}") for m in range(3)]
    for n, product in enumerate(PRODUCTS)
}
_ALL_VARIANTS = [variant for of_product in VARIANTS.values() for variant in of_product]
PRICES = {variant.id: PriceRow(1999 + n, "EUR") for n, variant in enumerate(_ALL_VARIANTS)}
STOCK = {variant.id: StockRow(n % 7) for n, variant in enumerate(_ALL_VARIANTS)}


def by_hand(first: int) -> dict[str, Any]:
    """The response that the document asks for, as nothing but a program for this one document would build it."""
    return {"data": {"products": {"edges": [{"node": _product(row)} for row in PRODUCTS[:first]]}}}


def _product(row: ProductRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "slug": row.slug, "variants": [_variant(one) for one in VARIANTS[row.id]]}


def _variant(row: VariantRow) -> dict[str, Any]:
    price = PRICES[row.id]
    return {
        "id": row.id,
        "sku": row.sku,
        "name": row.name,
        "price": {"amount": price.amount, "currency": price.currency},
        "stock": {"available": STOCK[row.id].available},
    }


def leaves(value: Any) -> int:
    """How many values of a response are neither object nor list."""
    if isinstance(value, dict):
        return sum(leaves(one) for one in value.values())
    return sum(leaves(one) for one in value) if isinstance(value, list) else 1
