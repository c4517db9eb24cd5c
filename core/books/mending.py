"""Setting right what is derived: worked out anew from what it is derived of, under locks, and written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import audit
from core.books.invariant import Invariant
from core.books.proving import PLANNED_FOR_THIS_BRAND, Breach
from core.work import Work


@dataclass(frozen=True, slots=True)
class Mended:
    """What has become of an invariant that was broken."""

    invariant: Invariant
    rows: int  #: that were worked out anew


async def mend(work: Work, breaches: Sequence[Breach]) -> list[Mended]:
    """Work out anew what is derived and wrong; what is not derived is left alone."""
    await work.fetch(PLANNED_FOR_THIS_BRAND)
    mended = [await _mend(work, breach) for breach in breaches if breach.invariant.mending is not None]
    return [one for one in mended if one.rows]


async def _mend(work: Work, breach: Breach) -> Mended:
    """The rows that are wrong are held first, and looked at again: meanwhile they may have come right."""
    mending = breach.invariant.mending
    assert mending is not None, "what is not derived is not mended"
    held = await work.fetch(mending.lock)
    columns = (list(column) for column in zip(*held, strict=True))
    rows = await work.execute(mending.change, *columns) if held else 0
    if rows:
        was = {"broken": breach.count, "rows": breach.rows}
        became = {"invariant": breach.invariant.key, "mended": rows}
        await audit.record(work, "books.mended", "Books", None, before=was, after=became)
    return Mended(breach.invariant, rows)
