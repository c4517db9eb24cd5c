"""Keeping what of tills' sales is not as the books have it: nothing is lost by being odd."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from core import clock
from core.actors import system
from core.errors import DomainError
from core.ids import new_id
from core.inventory import SoldShort
from core.money import Money
from core.orders import Sale
from core.tills.errors import TillReferenceReused
from core.tills.goods import Goods
from core.tills.told import Told
from core.work import Work

STOCK_SHORT = "STOCK_SHORT"  #: the books had less: what was missing is found, and sold
PRICE_DIFFERS = "PRICE_DIFFERS"
REFUSED = "REFUSED"  #: it was not written down

NOTE = """
INSERT INTO till_conflict (tenant_id, id, store_id, reference, kind, variant_id, order_id, facts, fingerprint, found_at)
SELECT $1, n.id, $2, n.reference, n.kind, n.variant_id, n.order_id, n.facts::jsonb, n.fingerprint, $3
FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $10::bytea[])
    AS n(id, reference, kind, variant_id, order_id, facts, fingerprint)
ON CONFLICT (tenant_id, fingerprint) DO NOTHING
"""
# One that another sale has taken the reference of is not the sale that has come now.
SETTLE = """
UPDATE till_conflict SET settled_at = $4, settled_by = $5
WHERE tenant_id = $1 AND store_id = $2 AND reference = any($3::text[]) AND kind = 'REFUSED' AND settled_at IS NULL
    AND facts->>'code' <> $6
"""
Facts = Mapping[str, Any]
Noted = tuple[str, str, UUID | None, UUID | None, Facts]  #: reference, kind, variant, order


def note_sold(work: Work, store_id: UUID, sales: Sequence[Sale], short: Sequence[SoldShort], goods: Goods) -> None:
    """Keep what was sold though the books had less of it, and at which other prices than the store's."""
    references = {sale.id: str(sale.external_reference) for sale in sales}
    found: list[Noted] = [
        (references[one.order_id], STOCK_SHORT, one.variant_id, one.order_id, {"sold": one.sold, "free": one.free})
        for one in short
    ]
    _note(work, store_id, [*found, *(one for sale in sales for one in _of_prices(work, sale, goods))])


def _of_prices(work: Work, sale: Sale, goods: Goods) -> Iterator[Noted]:
    for line, price in goods.prices_that_differ(sale):
        told, ours = (str(Money(minor, work.brand.currency).amount) for minor in (line.unit_price, price))
        yield str(sale.external_reference), PRICE_DIFFERS, line.variant_id, sale.id, {"unitPrice": told, "price": ours}


def note_refused(work: Work, store_id: UUID, refused: Sequence[tuple[Told, DomainError]]) -> None:
    """Keep sales that could not be written down, each as it was told; told again it is no other."""
    found: list[Noted] = []
    for told, why in refused:
        sale = told.kept
        facts = {"code": why.code, "message": why.message, "sale": sale}
        found.append((sale["externalReference"], REFUSED, None, None, facts))
    _note(work, store_id, found)


def settle_recorded(work: Work, store_id: UUID, sales: Sequence[Sale]) -> None:
    """What was refused before and has come in now needs nobody any more."""
    references, by = [sale.external_reference for sale in sales], system("till").label
    work.write(SETTLE, store_id, references, clock.now(), by, TillReferenceReused.code)


def _note(work: Work, store_id: UUID, found: Sequence[Noted]) -> None:
    if found:
        rows = [(new_id(), *one[:4], _json(one[4]), _fingerprint(store_id, one)) for one in found]
        work.write(NOTE, store_id, clock.now(), *(list(column) for column in zip(*rows, strict=True)))


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str).decode()


def _fingerprint(store_id: UUID, noted: Noted) -> bytes:
    """By which the same is known when it is told again."""
    return hashlib.sha256(_json([store_id, *noted]).encode()).digest()
