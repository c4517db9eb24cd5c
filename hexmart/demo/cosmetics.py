"""Cosmetics: ranges of care, make-up in shades, scents and tools."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from hexmart.demo import tables
from hexmart.demo.drafts import Draft, VariantDraft, Word, fen

SIZE = "规格"
SHADE = "色号"


class _Care(NamedTuple):
    category: str
    name: str
    name_en: str
    price: int
    sizes: tuple[Word, ...]
    note: str
    note_en: str


class _Kind(NamedTuple):
    name: str
    name_en: str
    price: int


@dataclass(frozen=True, slots=True)
class _MakeUp:
    category: str
    palette: str
    note: str
    note_en: str
    textures: tuple[Word, ...]
    kinds: tuple[_Kind, ...]


@dataclass(frozen=True, slots=True)
class _Fragrance:
    note: str
    note_en: str
    scents: tuple[Word, ...]
    kinds: tuple[_Kind, ...]
    sizes: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Tools:
    note: str
    note_en: str
    lines: tuple[Word, ...]
    kinds: tuple[_Kind, ...]


@dataclass(frozen=True, slots=True)
class _Cosmetics:
    ranges: tuple[Word, ...]
    care: tuple[_Care, ...]
    palettes: dict[str, tuple[Word, ...]]
    make_up: tuple[_MakeUp, ...]
    fragrance: _Fragrance
    tools: _Tools


def drafts() -> Iterator[Draft]:
    """Everything on the perfumer's shelves."""
    table = tables.read(_Cosmetics, "cosmetics.toml")
    yield from (_care(*pair) for pair in product(table.ranges, table.care))
    for group in table.make_up:
        palette = table.palettes[group.palette]
        yield from (_make_up(group, *pair, palette) for pair in product(group.textures, group.kinds))
    yield from (_scent(table.fragrance, *pair) for pair in product(table.fragrance.scents, table.fragrance.kinds))
    yield from (_tool(table.tools, *pair) for pair in product(table.tools.lines, table.tools.kinds))


def _care(line: Word, care: _Care) -> Draft:
    return Draft(
        name=line.name + care.name,
        name_en=f"{line.name_en} {care.name_en}",
        description=care.note,
        description_en=care.note_en,
        category=care.category,
        variants=tuple(_sized(size, fen(care.price, line.percent, size.percent)) for size in care.sizes),
    )


def _make_up(group: _MakeUp, texture: Word, kind: _Kind, palette: tuple[Word, ...]) -> Draft:
    price = fen(kind.price, texture.percent)
    return Draft(
        name=texture.name + kind.name,
        name_en=f"{texture.name_en} {kind.name_en}",
        description=group.note,
        description_en=group.note_en,
        category=group.category,
        variants=tuple(VariantDraft(shade.name, shade.name_en, ((SHADE, shade.name),), price) for shade in palette),
    )


def _scent(group: _Fragrance, scent: Word, kind: _Kind) -> Draft:
    # a candle is weighed, the others are measured
    unit, unit_en = ("克", "g") if kind.name_en.endswith("Candle") else ("毫升", "ml")
    sizes = [Word(size.name + unit, f"{size.name_en} {unit_en}", size.percent) for size in group.sizes]
    return Draft(
        name=scent.name + kind.name,
        name_en=f"{scent.name_en} {kind.name_en}",
        description=group.note,
        description_en=group.note_en,
        category="fragrance",
        variants=tuple(_sized(size, fen(kind.price, scent.percent, size.percent)) for size in sizes),
    )


def _tool(group: _Tools, line: Word, kind: _Kind) -> Draft:
    return Draft(
        name=line.name + kind.name,
        name_en=f"{line.name_en} {kind.name_en}",
        description=group.note,
        description_en=group.note_en,
        category="tools",
        variants=(_sized(Word("单件", "One"), fen(kind.price, line.percent)),),
    )


def _sized(size: Word, price: int) -> VariantDraft:
    return VariantDraft(size.name, size.name_en, ((SIZE, size.name),), price)
