"""Why another system's number is not ours, worked out from what has happened since it was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.ids import first_id
from core.inventory import GOODS_MOVED
from core.work import Work

# A till tells of its sales afterwards: such a sale was before the number was taken if the till sold it before, whenever
# we have heard of it.
FACTS = """
SELECT w.variant_id, s.on_hand, m.moved, m.late, m.adjusted, EXISTS (
    SELECT FROM stock_movement k
    WHERE k.tenant_id = $1 AND k.location_id = $2 AND k.variant_id = w.variant_id) AS known
FROM unnest($3::uuid[]) AS w(variant_id)
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = w.variant_id
CROSS JOIN LATERAL (
    SELECT
        coalesce(sum(n.delta) FILTER (WHERE n.reason = any($6::text[])), 0)::bigint AS moved,
        coalesce(sum(n.delta) FILTER (WHERE n.reason = any($6::text[]) AND o.placed_at <= $5), 0)::bigint AS late,
        coalesce(sum(n.delta) FILTER (WHERE n.reason <> ALL ($7::text[])), 0)::bigint AS adjusted
    FROM stock_movement n
    LEFT JOIN sales_order o ON o.tenant_id = $1 AND o.id = n.order_id AND o.kind = 'IN_STORE'
    WHERE n.tenant_id = $1 AND n.location_id = $2 AND n.variant_id = w.variant_id AND n.id >= $4 AND n.at > $5
) m
"""
#: what corrects the books without goods having moved; any other word is a person's own
CORRECTED = ("OPENING", "FOUND_AT_TILL", "COUNT", "RECONCILED")
# Tills tell of their sales in turn: one that has told of a later sale has told of all before.
TILLS = """
SELECT max(placed_at) FROM sales_order
WHERE tenant_id = $1 AND store_id = $2 AND kind = 'IN_STORE' AND id >= $3
"""


class Reason(StrEnum):
    MOVED_SINCE = "MOVED_SINCE"  #: goods, or somebody's correction, have moved the number since it was taken
    TOLD_LATE = "TOLD_LATE"  #: a till had sold it before, and told us after
    AWAITING_TILL = "AWAITING_TILL"  #: they have less, and tills have not told yet what they sold before
    UNKNOWN_VARIANT = "UNKNOWN_VARIANT"
    NEVER_COUNTED = "NEVER_COUNTED"  #: by our books there never was any of it there
    UNEXPLAINED = "UNEXPLAINED"


#: what is no mistake of the books
AGREES = frozenset({Reason.MOVED_SINCE, Reason.TOLD_LATE})
#: what may be taken over
APPLIED = frozenset({Reason.NEVER_COUNTED, Reason.UNEXPLAINED})


@dataclass(frozen=True, slots=True)
class Facts:
    """What our books say of a variant, and what has happened to it since a moment."""

    on_hand: int
    known: bool  #: whether there ever was any of it there
    moved: int  #: by goods that came and went
    late: int  #: of that, what a till had sold before
    adjusted: int  #: by people's corrections

    @property
    def then(self) -> int:
        """What the books, as corrected by now, say of that moment."""
        return self.on_hand - (self.moved - self.late)

    def why(self, theirs: int, *, awaiting: bool) -> Reason | None:
        """Why their number is another one; None where it is not."""
        if theirs == self.on_hand:
            return None
        if theirs == self.then:
            return Reason.TOLD_LATE if self.late else Reason.MOVED_SINCE
        if theirs == self.then - self.adjusted:
            return Reason.MOVED_SINCE
        if not self.known:
            return Reason.NEVER_COUNTED
        return Reason.AWAITING_TILL if awaiting and theirs < self.then else Reason.UNEXPLAINED


async def facts_of(work: Work, location_id: UUID, variant_ids: Sequence[UUID], taken_at: datetime) -> dict[UUID, Facts]:
    """What our books say of each, in one statement for all."""
    words = sorted(GOODS_MOVED), sorted({*GOODS_MOVED, *CORRECTED})
    rows = await work.fetch(FACTS, location_id, list(variant_ids), first_id(taken_at), taken_at, *words)
    return {
        row["variant_id"]: Facts(row["on_hand"] or 0, row["known"], row["moved"], row["late"], row["adjusted"])
        for row in rows
    }


async def awaits_tills(work: Work, location_id: UUID, taken_at: datetime, since: datetime) -> bool:
    """Whether tills of a place that sell there have not yet told of anything after that moment."""
    heard: datetime | None = await work.value(TILLS, location_id, first_id(since))
    return heard is not None and heard < taken_at
