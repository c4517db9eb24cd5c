"""Coffee: beans by origin and roast, drinks by the cup, and what goes with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from hexmart.demo import tables
from hexmart.demo.drafts import Draft, VariantDraft, Word, fen

SERVED_EN = {"热": "Hot", "冰": "Iced"}


class _Origin(NamedTuple):
    name: str
    name_en: str
    price: int
    processes: tuple[str, ...]


class _Kind(NamedTuple):
    name: str
    name_en: str
    price: int


@dataclass(frozen=True, slots=True)
class _Drinks:
    category: str
    note: str
    note_en: str
    served: tuple[str, ...]
    flavours: tuple[Word, ...]
    kinds: tuple[_Kind, ...]


@dataclass(frozen=True, slots=True)
class _Goods:
    category: str
    note: str
    note_en: str
    lines: tuple[Word, ...]
    kinds: tuple[_Kind, ...]
    variants: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Coffee:
    origins: tuple[_Origin, ...]
    processes: tuple[Word, ...]
    roasts: tuple[Word, ...]
    weights: tuple[Word, ...]
    bean_note: str
    bean_note_en: str
    cups: tuple[Word, ...]
    drinks: tuple[_Drinks, ...]
    goods: tuple[_Goods, ...]


def drafts() -> Iterator[Draft]:
    """Everything a coffee bar sells."""
    table = tables.read(_Coffee, "coffee.toml")
    processes = {process.name: process for process in table.processes}
    for origin, roast in product(table.origins, table.roasts):
        yield from (_beans(table, origin, processes[process], roast) for process in origin.processes)
    for drinks in table.drinks:
        yield from (_drink(drinks, *pair, table.cups) for pair in product(drinks.flavours, drinks.kinds))
    for goods in table.goods:
        yield from (_goods(goods, *pair) for pair in product(goods.lines, goods.kinds))


def _beans(table: _Coffee, origin: _Origin, process: Word, roast: Word) -> Draft:
    price = fen(origin.price, process.percent, roast.percent)
    return Draft(
        name=f"{origin.name}{process.name}{roast.name}咖啡豆",
        name_en=f"{origin.name_en} {process.name_en} {roast.name_en}",
        description=table.bean_note,
        description_en=table.bean_note_en,
        category="beans",
        variants=tuple(
            VariantDraft(weight.name, weight.name_en, (("规格", weight.name),), fen(price, weight.percent))
            for weight in table.weights
        ),
    )


def _drink(group: _Drinks, flavour: Word, kind: _Kind, cups: tuple[Word, ...]) -> Draft:
    price = kind.price * flavour.percent // 100
    return Draft(
        name=flavour.name + kind.name,
        name_en=f"{flavour.name_en} {kind.name_en}".strip(),
        description=group.note,
        description_en=group.note_en,
        category=group.category,
        variants=tuple(_cup(cup, served, price) for cup, served in product(cups, group.served)),
    )


def _cup(cup: Word, served: str, price: int) -> VariantDraft:
    return VariantDraft(
        name=f"{cup.name} {served}",
        name_en=f"{cup.name_en}, {SERVED_EN[served]}",
        options=(("杯型", cup.name), ("温度", served)),
        price=price * cup.percent // 10_000 * 100,
    )


def _goods(group: _Goods, line: Word, kind: _Kind) -> Draft:
    return Draft(
        name=line.name + kind.name,
        name_en=f"{line.name_en} {kind.name_en}",
        description=group.note,
        description_en=group.note_en,
        category=group.category,
        variants=tuple(
            VariantDraft(
                variant.name,
                variant.name_en,
                (("款式", variant.name),),
                fen(kind.price, line.percent, variant.percent),
            )
            for variant in group.variants
        ),
    )
