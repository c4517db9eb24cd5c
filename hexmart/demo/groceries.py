"""Groceries: fresh goods by weight, and goods in packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from hexmart.demo import tables
from hexmart.demo.drafts import Draft, VariantDraft, Word, fen

SIZE = "规格"
LOOSE = "散称"


class _Pack(NamedTuple):
    name: str
    name_en: str
    grams: int
    percent: int


class _FreshRow(NamedTuple):
    name: str
    name_en: str
    price: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _FreshGroup:
    category: str
    note: str
    note_en: str
    packs: tuple[_Pack, ...]
    rows: tuple[_FreshRow, ...]


@dataclass(frozen=True, slots=True)
class _PackedGroup:
    category: str
    name: str
    name_en: str
    price: int
    note: str
    note_en: str
    lines: tuple[Word, ...]
    flavours: tuple[Word, ...]
    sizes: tuple[Word, ...]
    poured: int | None = None


@dataclass(frozen=True, slots=True)
class _Fresh:
    groups: tuple[_FreshGroup, ...]


@dataclass(frozen=True, slots=True)
class _Packed:
    groups: tuple[_PackedGroup, ...]


@dataclass(frozen=True, slots=True)
class _Kinds:
    kinds: tuple[Word, ...]


def drafts() -> Iterator[Draft]:
    """Everything on the grocer's shelves."""
    kinds = {kind.name: kind for kind in tables.read(_Kinds, "fresh_kinds.toml").kinds}
    for file in ("fresh.toml", "fresh_more.toml"):
        for fresh in tables.read(_Fresh, file).groups:
            for row in fresh.rows:
                yield from (_weighed(fresh, row, kinds[kind]) for kind in row.kinds)
    for file in ("packed.toml", "packed_more.toml"):
        for packed in tables.read(_Packed, file).groups:
            yield from (_packed(packed, line, flavour) for line, flavour in product(packed.lines, packed.flavours))


def _weighed(group: _FreshGroup, row: _FreshRow, kind: Word) -> Draft:
    name = kind.name + row.name
    price = fen(row.price, kind.percent)
    loose = VariantDraft(LOOSE, "Loose", ((SIZE, LOOSE),), price, unit="GRAM", priced_per=500)
    packs = (_pack(price, pack) for pack in group.packs)
    return Draft(
        name=name,
        name_en=f"{kind.name_en} {row.name_en}".strip(),
        description=group.note,
        description_en=group.note_en,
        category=group.category,
        variants=(loose, *packs),
    )


def _pack(price: int, pack: _Pack) -> VariantDraft:
    return VariantDraft(pack.name, pack.name_en, ((SIZE, pack.name),), fen(price * pack.grams // 500, pack.percent))


def _packed(group: _PackedGroup, line: Word, flavour: Word) -> Draft:
    price = group.price * line.percent * flavour.percent // 10_000
    sizes = tuple(
        VariantDraft(size.name, size.name_en, ((SIZE, size.name),), fen(price, size.percent)) for size in group.sizes
    )
    return Draft(
        name=line.name + flavour.name + group.name,
        name_en=f"{line.name_en} {flavour.name_en} {group.name_en}",
        description=group.note,
        description_en=group.note_en,
        category=group.category,
        variants=sizes + _poured(group, line, flavour),
    )


def _poured(group: _PackedGroup, line: Word, flavour: Word) -> tuple[VariantDraft, ...]:
    """What a customer may have filled into a bottle of their own."""
    if group.poured is None:
        return ()
    price = fen(group.poured, line.percent, flavour.percent)
    return (VariantDraft("散打", "Refill", ((SIZE, "散打"),), price, unit="MILLILITRE", priced_per=500),)
