"""Holding a place's stock against a snapshot, and taking over what nothing explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, clock, inventory
from core.catalog import NoOwnStock
from core.errors import Invalid
from core.inventory import MOST
from core.supply.events import StockReconciled
from core.supply.permissions import RECONCILE
from core.supply.reaching import place
from core.supply.reconciling.explaining import AGREES, APPLIED, Reason, awaits_tills, facts_of
from core.supply.reconciling.rows import DifferenceRow
from core.work import Work

MOST_LINES = 5_000
OLDEST = timedelta(days=30)  #: a snapshot
_AHEAD = timedelta(minutes=5)  # how far the other system's clock may be ahead of ours
_LINES = ("input", "lines")

BY_SKU = """
SELECT v.sku AS code, v.id, v.bundle FROM unnest($2::text[]) AS w(code)
JOIN variant v ON v.tenant_id = $1 AND v.sku = w.code
"""
BY_BARCODE = """
SELECT v.barcode AS code, v.id, v.bundle FROM unnest($2::text[]) AS w(code)
JOIN variant v ON v.tenant_id = $1 AND v.barcode = w.code
"""
WRITE = """
INSERT INTO stock_reconciliation (tenant_id, id, location_id, taken_at, made_at, actor, applied, lines, agreeing)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
WRITE_DIFFERENCES = """
INSERT INTO stock_difference (tenant_id, reconciliation_id, position, code, variant_id, ours, theirs, delta, reason,
    posted, unposted)
SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::text[], $10::bigint[], $11::bigint[])
"""


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """What another system has of a variant, which it names by its SKU or by its barcode."""

    on_hand: int
    sku: str | None = None
    barcode: str | None = None

    @property
    def code(self) -> str:
        return self.sku or self.barcode or ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    location_id: UUID | None
    taken_at: datetime
    lines: Sequence[SnapshotLine]
    apply: bool = False


async def reconcile(work: Work, snapshot: Snapshot, reconciliation_id: UUID) -> None:
    """Write down, under an id that the caller has chosen, what differs and why; post what nothing explains if asked."""
    location = await place(work, RECONCILE, snapshot.location_id)
    _check(snapshot)
    variants = await _variants(work, snapshot.lines)
    differing = await _compare(work, location, snapshot, variants, reconciliation_id)
    if snapshot.apply and (wrong := {one.variant_id for one in differing if one.reason in APPLIED} - {None}):
        # what was looked up before the stock was held may have changed since
        held = await inventory.hold(work, location, [key for key in wrong if key is not None])
        differing = await _compare(work, location, snapshot, variants, reconciliation_id)
        differing = [_fitted(one, held) for one in differing]
        posted = {one.variant_id: one.posted for one in differing if one.variant_id is not None and one.posted}
        await inventory.shift(work, location, posted, inventory.RECONCILED)
    await _write(work, location, snapshot, differing, reconciliation_id)
    work.emit(StockReconciled(reconciliation_id=reconciliation_id, location_id=location))


def _check(snapshot: Snapshot) -> None:
    lines, now = snapshot.lines, clock.now()
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(reason=f"A snapshot has 1 to {MOST_LINES} lines.", path=_LINES)
    if not now - OLDEST <= snapshot.taken_at <= now + _AHEAD:
        raise Invalid(reason=f"A snapshot is at most {OLDEST.days} days old.", path=("input", "takenAt"))
    if any((line.sku is None) == (line.barcode is None) or not 0 < len(line.code) <= 200 for line in lines):
        raise Invalid(reason="A line has a sku or a barcode.", path=(*_LINES, "sku"))
    if any(not 0 <= line.on_hand <= MOST for line in lines):
        raise Invalid(reason=f"On hand lies between 0 and {MOST}.", path=(*_LINES, "onHand"))


async def _variants(work: Work, lines: Sequence[SnapshotLine]) -> list[UUID | None]:
    """The variant of each line, each of them once."""
    skus = await work.fetch(BY_SKU, list({line.sku for line in lines if line.sku is not None}))
    barcodes = await work.fetch(BY_BARCODE, list({line.barcode for line in lines if line.barcode is not None}))
    for name, rows in (("sku", skus), ("barcode", barcodes)):
        if bundle := next((row["code"] for row in rows if row["bundle"]), None):
            raise NoOwnStock(sku=bundle, path=(*_LINES, name))
    by_sku = {row["code"]: row["id"] for row in skus}
    by_barcode = {row["code"]: row["id"] for row in barcodes}
    found = [by_sku.get(line.sku) if line.sku is not None else by_barcode.get(line.barcode) for line in lines]
    known = [key for key in found if key is not None]
    if len(set(known)) < len(known):
        raise Invalid(reason="A variant stands in one line.", path=_LINES)
    return found


async def _compare(
    work: Work, location: UUID, snapshot: Snapshot, variants: Sequence[UUID | None], reconciliation_id: UUID
) -> list[DifferenceRow]:
    taken_at = snapshot.taken_at
    facts = await facts_of(work, location, [key for key in variants if key is not None], taken_at)
    awaiting = await awaits_tills(work, location, taken_at, taken_at - OLDEST)
    differing = []
    for position, (line, key) in enumerate(zip(snapshot.lines, variants, strict=True)):
        known = facts.get(key) if key is not None else None
        reason = known.why(line.on_hand, awaiting=awaiting) if known else Reason.UNKNOWN_VARIANT
        if reason is not None:
            ours, then = (known.on_hand, known.then) if known else (0, 0)
            delta = 0 if reason in AGREES else line.on_hand - then
            row = (position, line.code, key, ours, line.on_hand, delta, str(reason), 0, 0)
            differing.append(DifferenceRow(reconciliation_id, *row))
    return differing


def _fitted(one: DifferenceRow, held: Mapping[UUID, inventory.StockRow]) -> DifferenceRow:
    """A difference with as much of it posted as what is promised leaves."""
    if one.variant_id is None or one.variant_id not in held or one.reason not in APPLIED:
        return one
    fits = inventory.fitting(held[one.variant_id], one.delta)
    return replace(one, posted=fits, unposted=one.delta - fits)


async def _write(
    work: Work, location: UUID, snapshot: Snapshot, differing: Sequence[DifferenceRow], reconciliation_id: UUID
) -> None:
    lines, wrong = len(snapshot.lines), sum(1 for one in differing if one.reason not in AGREES)
    who = (clock.now(), work.actor.label, snapshot.apply)
    await work.execute(WRITE, reconciliation_id, location, snapshot.taken_at, *who, lines, lines - wrong)
    if differing:
        names = DifferenceRow.__dataclass_fields__
        await work.execute(WRITE_DIFFERENCES, *([getattr(one, name) for one in differing] for name in names))
    facts = {"lines": lines, "differing": wrong, "posted": sum(1 for one in differing if one.posted)}
    await audit.record_if_staff(
        work, "stock.reconciled", "StockReconciliation", reconciliation_id, store_id=location, after=facts
    )
