"""How orders' prices came about: each step is kept as it was when they were placed."""

from collections.abc import Sequence
from uuid import UUID

from core.money import Money
from core.orders.rows import PriceStepRow, ShareRow
from core.pricing import Step
from core.work import Work

STEPS = """
INSERT INTO order_adjustment (tenant_id, order_id, position, plugin, stage, kind, source, label, reason, code,
    subject_id, amount, applied, why_not, shares)
SELECT $1, n.order_id, n.position, n.plugin, n.stage, n.kind, n.source, n.label, n.reason, n.code, n.subject_id,
    n.amount, n.applied, n.why_not, n.shares::bigint[]
FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::uuid[], $12::bigint[], $13::boolean[], $14::text[], $15::text[])
    AS n(order_id, position, plugin, stage, kind, source, label, reason, code, subject_id, amount, applied, why_not,
    shares)
"""
STEPS_OF = """
SELECT a.order_id, a.position, a.plugin, a.stage, a.kind, a.source, a.label, a.reason, a.code,
    a.subject_id, a.amount, a.applied, a.why_not, o.currency
FROM order_adjustment a JOIN sales_order o ON o.tenant_id = $1 AND o.id = a.order_id
WHERE a.tenant_id = $1 AND a.order_id = any($2::uuid[]) ORDER BY a.order_id, a.position
"""
SHARES_OF = """
SELECT a.position, l.id, l.variant_id, a.shares[l.position + 1] AS amount
FROM order_adjustment a JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = a.order_id
WHERE a.tenant_id = $1 AND a.order_id = $2 AND a.shares[l.position + 1] IS NOT NULL ORDER BY a.position, l.position
"""


async def write_steps(work: Work, steps: Sequence[tuple[UUID, Sequence[Step], Sequence[UUID]]]) -> None:
    """Keep the steps of new orders, each with the order's lines from the first to the last."""
    rows = [
        (key, number, *columns_of(step), _shares(step, lines))
        for key, some, lines in steps
        for number, step in enumerate(some)
    ]
    if rows:
        work.write(STEPS, *(list(column) for column in zip(*rows, strict=True)))


def _shares(step: Step, lines: Sequence[UUID]) -> str:
    """What a step is to each line, as PostgreSQL writes an array: unnest() takes arrays of arrays apart whole."""
    return "{" + ",".join(str(step.by_line.get(line, "NULL")) for line in lines) + "}"


async def steps_of(work: Work, order_ids: Sequence[UUID]) -> list[list[PriceStepRow]]:
    """How the price of each order came about, in the order of the steps."""
    groups: dict[UUID, list[PriceStepRow]] = {key: [] for key in order_ids}
    for row in await work.rows(PriceStepRow, STEPS_OF, list(groups)):
        groups[row.of].append(row)
    return [groups[key] for key in order_ids]


async def with_shares(work: Work, order_id: UUID) -> list[PriceStepRow]:
    """The steps of one order with what each is to its lines."""
    steps = (await steps_of(work, [order_id]))[0]
    by_position = {step.position: step for step in steps}
    for row in await work.fetch(SHARES_OF, order_id) if steps else []:
        step = by_position[row["position"]]
        amount = Money(row["amount"], step.currency)
        step.shares.append(ShareRow(row["id"], True, row["variant_id"], amount))
    return steps


def columns_of(
    step: Step,
) -> tuple[str, str, str, str, str, str, str | None, UUID | None, int, bool, str | None]:
    """A step as its row has it."""
    one = step.adjustment
    named = (step.plugin, one.stage.name, step.kind, one.source, one.label, one.reason, one.code, one.subject_id)
    return (*named, step.amount, step.applied, step.why_not)
