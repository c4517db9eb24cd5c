"""Goods before they have numbers, and what the shelves' tables have in common."""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from hexmart.demo import tables
from hexmart.demo.seeds import CategorySeed


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant without number and barcode."""

    name: str
    name_en: str
    options: tuple[tuple[str, str], ...]
    price: int
    unit: str = "PIECE"
    priced_per: int = 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A product without numbers."""

    name: str
    name_en: str
    description: str
    description_en: str
    category: str
    variants: tuple[VariantDraft, ...]

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name_en.lower().replace("'", "")).strip("-")


class Word(NamedTuple):
    """A part of a name, and what it makes of the price, in per cent."""

    name: str
    name_en: str
    percent: int = 100


class _CategoryRow(NamedTuple):
    slug: str
    name: str
    name_en: str
    parent: str


def fen(price: int, *percents: int) -> int:
    """A price after all its factors, ending like prices do: in whole jiao, and in 9 of them from 10 yuan on."""
    for percent in percents:
        price = price * percent // 100
    if price < 1000:
        return max(price // 10 * 10, 10)
    return price // 100 * 100 + 90


@cache
def categories(catalogue: str) -> tuple[CategorySeed, ...]:
    """The shelves of one of the three catalogues."""
    table = tables.read(dict[str, tuple[_CategoryRow, ...]], "categories.toml")
    return tuple(CategorySeed(row.slug, row.name, row.name_en, row.parent or None) for row in table[catalogue])
