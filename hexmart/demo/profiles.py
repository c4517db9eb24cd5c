"""What tells one brand from another."""

from dataclasses import dataclass, replace
from functools import cache

from hexmart.demo import tables

FURTHER = "brand-"
FURTHER_STORES = 3
FURTHER_PRODUCTS = 24

Day = tuple[tuple[int, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A brand's name, its numbers, and its habits."""

    slug: str
    name: str
    name_en: str
    trade: str
    trade_en: str
    prefix: str
    barcodes: int
    stores: int
    products: int
    fulfilments: tuple[tuple[str, ...], ...]
    radius: tuple[int, int]
    hours: tuple[tuple[Day, ...], ...]
    # that it has on beside those of every brand of the demo
    plugins: tuple[str, ...] = ()
    # of which of the three it has the goods; empty for these themselves
    base: str = ""

    @property
    def catalogue(self) -> str:
        return self.base or self.slug


@dataclass(frozen=True, slots=True)
class _Further:
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Table:
    profiles: tuple[Profile, ...]
    further: _Further


def slugs() -> tuple[str, ...]:
    """The three brands that are there by themselves."""
    return tuple(profile.slug for profile in _table().profiles)


def slug(number: int) -> str:
    """The slug of the n-th brand, counted from 1."""
    own = slugs()
    return own[number - 1] if number <= len(own) else f"{FURTHER}{number:04d}"


@cache
def profile(slug: str) -> Profile:
    """The profile of one of the three, or of a further one, which is derived from them in turn."""
    own = {profile.slug: profile for profile in _table().profiles}
    if slug in own:
        return own[slug]
    number = int(slug.removeprefix(FURTHER))
    return _further(number, tuple(own.values())[(number - 1) % len(own)])


def _further(number: int, base: Profile) -> Profile:
    words = _table().further.words
    generation, place = divmod((number - 1) // len(slugs()) - 1, len(words))
    word, word_en = words[place]
    suffix = f" {generation + 1}" if generation else ""
    return replace(
        base,
        slug=slug(number),
        name=f"{word}{base.trade}{suffix}",
        name_en=f"{word_en} {base.trade_en}{suffix}",
        prefix=f"B{number:04d}",
        # 693 to 699, shared among 9,999 brands: room for more than 50,000 products of each
        barcodes=693_000_000_000 + number * 600_000,
        stores=FURTHER_STORES,
        products=FURTHER_PRODUCTS,
        plugins=(),
        base=base.slug,
    )


@cache
def _table() -> _Table:
    return tables.read(_Table, "brands.toml")
