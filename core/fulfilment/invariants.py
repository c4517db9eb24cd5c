"""What must hold of the stores' part in orders."""

from collections.abc import Iterable

from core.books import Invariant
from core.orders.invariants import TILL_SALE
from core.orders.machine import STANDS as MACHINE


def _array(states: Iterable[str]) -> str:
    return f"'{{{','.join(states)}}}'::text[]"


CARRIED = f"""
SELECT l.order_id, l.id, l.quantity, coalesce(f.carried, 0) AS carried
FROM sales_order o JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
LEFT JOIN (
    SELECT l.order_line_id, sum(l.quantity) AS carried FROM fulfilment_line l
    JOIN fulfilment p ON p.tenant_id = $1 AND p.id = l.fulfilment_id AND p.status <> 'REJECTED'
    WHERE l.tenant_id = $1 GROUP BY l.order_line_id
) f ON f.order_line_id = l.id
WHERE o.tenant_id = $1 AND o.status NOT IN ('PENDING_PAYMENT', 'CANCELLED') AND NOT {TILL_SALE}
    AND l.quantity <> coalesce(f.carried, 0)
    AND NOT (o.also_at IS NOT NULL AND (l.refunded_quantity = l.quantity OR l.paid = 0))
"""
STANDS = f"""
SELECT o.id, o.status, p.least FROM sales_order o LEFT JOIN (
    SELECT order_id, min(array_position({_array(MACHINE)}, status)) AS least FROM fulfilment
    WHERE tenant_id = $1 GROUP BY order_id
) p ON p.order_id = o.id
WHERE o.tenant_id = $1 AND NOT {TILL_SALE} AND CASE
    WHEN o.status IN ('PENDING_PAYMENT', 'CANCELLED') THEN p.least IS NOT NULL
    WHEN o.status = 'REFUNDED' THEN p.least < array_position({_array(MACHINE)}, 'DISPATCHED')
    ELSE ({_array(MACHINE.values())})[p.least] IS DISTINCT FROM o.status END
"""

CODES = """
SELECT c.subject_id, c.kind, c.used_at FROM verification_code c
WHERE c.tenant_id = $1 AND c.kind IN ('pickup', 'exit', 'exit_checked') AND (c.used_at IS NOT NULL) <> EXISTS (
    SELECT FROM fulfilment f WHERE f.tenant_id = $1 AND f.order_id = c.subject_id AND f.status = 'DONE')
"""

INVARIANTS = [
    Invariant(
        key="fulfilment.carried", sentence="Stores carry out all of an order that is paid, once.", broken=CARRIED
    ),
    Invariant(
        key="fulfilment.stands", sentence="An order stands where the least advanced of its parts does.", broken=STANDS
    ),
    Invariant(
        key="fulfilment.codes", sentence="A code was used if its order was handed over, and only then.", broken=CODES
    ),
]
