"""What must hold of what tills have told."""

from core.books import Invariant
from core.tills.errors import TillReferenceReused

ABOUT = """
SELECT c.id, c.kind, c.order_id FROM till_conflict c JOIN sales_order o ON o.tenant_id = $1 AND o.id = c.order_id
WHERE c.tenant_id = $1 AND (o.store_id <> c.store_id OR o.external_reference IS DISTINCT FROM c.reference)
"""
CAME_IN = f"""
SELECT c.id, c.kind, o.id AS order_id FROM till_conflict c
JOIN sales_order o ON o.tenant_id = $1 AND o.store_id = c.store_id AND o.external_reference = c.reference
WHERE c.tenant_id = $1 AND c.kind = 'REFUSED' AND c.settled_at IS NULL
    AND c.facts->>'code' <> '{TillReferenceReused.code}'
"""

INVARIANTS = [
    Invariant(key="tills.about", sentence="What differs about a sale names the sale of its store.", broken=ABOUT),
    Invariant(
        key="tills.came_in", sentence="A sale that was refused and came in later waits for nobody.", broken=CAME_IN
    ),
]
