"""What must hold of errands."""

from core.books import Invariant, Scope

CARRIED = """
SELECT s.id, s.state, e.state AS errand FROM shipment s
LEFT JOIN delivery_own_errand e ON e.tenant_id = $1 AND e.shipment_id = s.id
WHERE s.tenant_id = $1 AND s.provider = 'own' AND s.state IN ('ACCEPTED', 'ARRIVED_STORE', 'PICKED_UP', 'RETURNING')
    AND (e.state IS NULL OR e.state NOT IN ('OFFERED', 'ACCEPTED'))
"""
DONE = """
SELECT e.shipment_id, e.state, s.state AS shipment FROM delivery_own_errand e
JOIN shipment s ON s.tenant_id = $1 AND s.id = e.shipment_id
WHERE e.tenant_id = $1 AND (s.provider <> 'own' OR (e.state = 'DONE' AND s.ended_at IS NULL)
    OR (e.state = 'ACCEPTED' AND s.accepted_at IS NULL))
"""
WITHDRAWN = """
SELECT e.shipment_id, e.state, s.ended_at FROM delivery_own_errand e
JOIN shipment s ON s.tenant_id = $1 AND s.id = e.shipment_id
WHERE e.tenant_id = $1 AND e.state IN ('OFFERED', 'ACCEPTED') AND s.ended_at < (SELECT app_now()) - interval '1 hour'
"""

INVARIANTS = [
    Invariant(
        key="delivery_own.carried", sentence="What the shop's own couriers carry is somebody's errand.", broken=CARRIED
    ),
    Invariant(key="delivery_own.done", sentence="An errand stands where its shipment stands.", broken=DONE),
    Invariant(
        key="delivery_own.withdrawn",
        sentence="Nobody is sent for what is over.",
        broken=WITHDRAWN,
        scope=Scope.UPKEEP,
    ),
]
