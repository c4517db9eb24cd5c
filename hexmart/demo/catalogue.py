"""Products with their numbers: the drafts of a trade, mixed, and repeated where more are wanted than there are."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from core.catalog import check_digit
from hexmart.demo import coffee, cosmetics, groceries
from hexmart.demo.drafts import Draft, VariantDraft
from hexmart.demo.profiles import Profile, profile
from hexmart.demo.seeds import ProductSeed, VariantSeed

DRAFTS: dict[str, Callable[[], Iterator[Draft]]] = {
    "freshmart": groceries.drafts,
    "lumi": cosmetics.drafts,
    "kaffa": coffee.drafts,
}

_BY_WEIGHT = 200_000_000_000  # 20 to 24: room for half a million variants


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A draft, which time it comes, its number, and how many variants stand before its own."""

    draft: Draft
    edition: int
    number: int
    before: int


def products(brand: str, count: int, seed: int) -> tuple[ProductSeed, ...]:
    """The first `count` products of a brand, of every shelf: a larger count only adds to a smaller."""
    who = profile(brand)
    mixed = list(_numbered(who.catalogue))
    Random(f"{seed}:{brand}").shuffle(mixed)
    return tuple(_product(who, one, seed) for one in itertools.islice(_editions(mixed), count))


@cache
def _numbered(catalogue: str) -> tuple[_Numbered, ...]:
    numbered, before = [], 0
    for number, draft in enumerate(DRAFTS[catalogue](), start=1):
        numbered.append(_Numbered(draft, 1, number, before))
        before += len(draft.variants)
    return tuple(numbered)


def _editions(mixed: list[_Numbered]) -> Iterator[_Numbered]:
    """All of them again and again, with numbers that go on."""
    variants = sum(len(one.draft.variants) for one in mixed)
    for again in itertools.count():
        for one in mixed:
            yield _Numbered(one.draft, again + 1, one.number + again * len(mixed), one.before + again * variants)


def _product(who: Profile, one: _Numbered, seed: int) -> ProductSeed:
    sku = f"{who.prefix}-{one.number:05d}"
    slug, name, name_en = _names(one)
    chance = Random(f"{seed}:{sku}")
    return ProductSeed(
        slug=slug,
        name=name,
        name_en=name_en,
        description=one.draft.description,
        description_en=one.draft.description_en,
        category=one.draft.category,
        images=(f"/media/{slug}.jpg",),
        rating=None if chance.random() < 0.15 else round(chance.uniform(3.8, 5.0), 1),
        variants=_variants(who, one, sku, _raised(chance)),
    )


def _names(one: _Numbered) -> tuple[str, str, str]:
    """Slug and names, which tell one edition from another."""
    draft = one.draft
    if one.edition == 1:
        return draft.slug, draft.name, draft.name_en
    return (
        f"{draft.slug}-edition-{one.edition}",
        f"{draft.name} 第{one.edition}款",
        f"{draft.name_en} Edition {one.edition}",
    )


def _variants(who: Profile, one: _Numbered, sku: str, raised: int | None) -> tuple[VariantSeed, ...]:
    return tuple(
        _variant(variant, f"{sku}-{place:02d}", _barcode(who, variant.unit, one.before + place), raised)
        for place, variant in enumerate(one.draft.variants, start=1)
    )


def _barcode(who: Profile, unit: str, number: int) -> str:
    """The maker's, or of what the shop weighs the one that its scales print, with nothing on them."""
    said = _BY_WEIGHT + number * 100_000 if unit == "GRAM" else who.barcodes + number
    return f"{said:012d}{check_digit(f'{said:012d}')}"


def _variant(draft: VariantDraft, sku: str, barcode: str, raised: int | None) -> VariantSeed:
    return VariantSeed(
        sku=sku,
        barcode=barcode,
        name=draft.name,
        name_en=draft.name_en,
        options=draft.options,
        unit=draft.unit,
        priced_per=draft.priced_per,
        price=draft.price,
        list_price=None if raised is None else draft.price * raised // 1000 * 10,
    )


def _raised(chance: Random) -> int | None:
    """What the price was before, in per cent of today's, for one product in six."""
    return chance.choice((115, 120, 125, 135)) if chance.random() < 1 / 6 else None
