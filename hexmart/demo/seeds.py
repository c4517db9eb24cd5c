"""What a demo consists of, before any database knows of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreSeed:
    """A shop. Hours are (weekday, opens, closes) with Monday as 1, and "24:00" for the end of the day."""

    code: str
    name: str
    name_en: str
    city: str
    region: str
    address: str
    phone: str
    latitude: float
    longitude: float
    hours: tuple[tuple[int, str, str], ...]
    fulfilments: tuple[str, ...]
    delivery_radius_meters: int
    rating: float | None


@dataclass(frozen=True, slots=True)
class CategorySeed:
    """A shelf; parents come before their children."""

    slug: str
    name: str
    name_en: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class VariantSeed:
    """What is sold: the price in fen is for `priced_per` of the unit."""

    sku: str
    barcode: str
    name: str
    name_en: str
    options: tuple[tuple[str, str], ...]
    unit: str
    priced_per: int
    price: int
    list_price: int | None


@dataclass(frozen=True, slots=True)
class ProductSeed:
    """What is shown, with one variant at least."""

    slug: str
    name: str
    name_en: str
    description: str
    description_en: str
    category: str
    images: tuple[str, ...]
    rating: float | None
    variants: tuple[VariantSeed, ...]


@dataclass(frozen=True, slots=True)
class BrandSeed:
    """A tenant with all it shows to the public."""

    slug: str
    name: str
    name_en: str
    stores: tuple[StoreSeed, ...]
    categories: tuple[CategorySeed, ...]
    products: tuple[ProductSeed, ...]


@dataclass(frozen=True, slots=True)
class StaffSeed:
    """Somebody who works for a brand."""

    role: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberSeed:
    """Somebody who shops there."""

    phone: str
    name: str
