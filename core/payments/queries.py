"""Reads of payments and refunds."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from core.payments.rows import PaymentRow, RefundRow
from core.work import Work

PAYMENT = "id, order_id, provider, amount, currency, status, provider_reference, failure, account, purpose, member_id"
REFUND = "id, order_id, payment_id, amount, currency, reason, status"
BY_IDS = f"SELECT {PAYMENT} FROM payment WHERE tenant_id = $1 AND id = any($2::uuid[])"
PAYMENTS_OF = f"SELECT {PAYMENT} FROM payment WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY id"
REFUNDS_OF = f"SELECT {REFUND} FROM refund WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY id"
REFUNDS_BY_IDS = f"SELECT {REFUND} FROM refund WHERE tenant_id = $1 AND id = any($2::uuid[])"

Child = TypeVar("Child", PaymentRow, RefundRow)


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[PaymentRow | None]:
    """Payments in the order of their ids."""
    found = {row.id: row for row in await work.rows(PaymentRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def refunds_by_ids(work: Work, ids: Sequence[UUID]) -> list[RefundRow | None]:
    """Refunds in the order of their ids."""
    found = {row.id: row for row in await work.rows(RefundRow, REFUNDS_BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def payments_of(work: Work, order_ids: Sequence[UUID]) -> list[list[PaymentRow]]:
    """The payments of each order."""
    return _grouped(order_ids, await work.rows(PaymentRow, PAYMENTS_OF, list(set(order_ids))))


async def refunds_of(work: Work, order_ids: Sequence[UUID]) -> list[list[RefundRow]]:
    """The refunds of each order."""
    return _grouped(order_ids, await work.rows(RefundRow, REFUNDS_OF, list(set(order_ids))))


def _grouped(order_ids: Sequence[UUID], rows: Sequence[Child]) -> list[list[Child]]:
    groups: dict[UUID, list[Child]] = {key: [] for key in order_ids}
    for row in rows:
        if row.order_id is not None:
            groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]
