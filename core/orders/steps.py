"""How orders' prices came about: each step is kept as it was when they were placed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.money import Money
from core.orders.rows import PriceStepRow, ShareRow
from core.pricing import Step
from core.work import Work

STEPS = """
INSERT INTO order_adjustment (tenant_id, order_id, position, plugin, stage, kind, source, label, reason, code,
    subject_id, amount, applied, why_not)
SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::uuid[], $12::bigint[], $13::boolean[], $14::text[])
"""
SHARES = """
INSERT INTO order_adjustment_line (tenant_id, order_id, position, order_line_id, amount)
SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::bigint[])
"""
STEPS_OF = """
SELECT a.order_id, a.position, a.plugin, a.stage, a.kind, a.source, a.label, a.reason, a.code,
    a.subject_id, a.amount, a.applied, a.why_not, o.currency
FROM order_adjustment a JOIN sales_order o ON o.tenant_id = $1 AND o.id = a.order_id
WHERE a.tenant_id = $1 AND a.order_id = any($2::uuid[]) ORDER BY a.order_id, a.position
"""
SHARES_OF = """
SELECT s.position, s.order_line_id, l.variant_id, s.amount
FROM order_adjustment_line s JOIN sales_order_line l ON l.tenant_id = $1 AND l.id = s.order_line_id
WHERE s.tenant_id = $1 AND s.order_id = $2 ORDER BY s.position, l.position
"""


async def write_steps(work: Work, steps: Mapping[UUID, Sequence[Step]]) -> None:
    """Keep the steps of new orders."""
    numbered = [(key, number, step) for key, some in steps.items() for number, step in enumerate(some)]
    if not numbered:
        return
    rows = [(key, number, *columns_of(step)) for key, number, step in numbered]
    await work.execute(STEPS, *(list(column) for column in zip(*rows, strict=True)))
    shares = [(key, number, line, part) for key, number, step in numbered for line, part in step.by_line.items()]
    if shares:
        await work.execute(SHARES, *(list(column) for column in zip(*shares, strict=True)))


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
        step.shares.append(ShareRow(row["order_line_id"], True, row["variant_id"], amount))
    return steps


def columns_of(
    step: Step,
) -> tuple[str, str, str, str, str, str, str | None, UUID | None, int, bool, str | None]:
    """A step as its row has it."""
    one = step.adjustment
    named = (step.plugin, one.stage.name, step.kind, one.source, one.label, one.reason, one.code, one.subject_id)
    return (*named, step.amount, step.applied, step.why_not)
