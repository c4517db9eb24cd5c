"""The catalog as it is read."""

from dataclasses import dataclass
from uuid import UUID

import orjson


@dataclass(slots=True)
class CategoryRow:
    id: UUID
    slug: str
    name: str
    parent_id: UUID | None
    position: int


@dataclass(slots=True)
class ProductRow:
    id: UUID
    slug: str
    name: str
    description: str
    category_id: UUID | None
    images: list[str]
    rating: float | None
    lowest_price: int  #: minor units, of the cheapest variant at the brand's price
    highest_price: int
    weight: int = 0  #: how well a search found it


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    value: str


@dataclass(slots=True)
class VariantRow:
    id: UUID
    product_id: UUID
    sku: str
    barcode: str | None
    name: str
    options_json: str
    unit: str
    priced_per: int  #: the price is for so many of the unit
    base_price: int  #: minor units, the brand's; a store may have its own
    base_list_price: int | None
    bundle: bool = False  #: made of other variants, whose stock is its own

    @property
    def options(self) -> list[Option]:
        return [Option(*pair) for pair in orjson.loads(self.options_json)]


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """A variant that a bundle is made of."""

    bundle_id: UUID
    variant_id: UUID
    quantity: int  #: of it, in one bundle
