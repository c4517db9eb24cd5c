"""What must hold of deliveries."""

from core.books import Invariant, Mending, Scope
from core.deliveries.states import LAST, LEFT, TAKEN

COST = """
SELECT s.id, s.cost, coalesce(sum(c.amount) FILTER (WHERE c.status = 'BOOKED'), 0) AS charges FROM shipment s
LEFT JOIN shipment_charge c ON c.tenant_id = $1 AND c.shipment_id = s.id
WHERE s.tenant_id = $1 GROUP BY s.id, s.cost
HAVING s.cost <> coalesce(sum(c.amount) FILTER (WHERE c.status = 'BOOKED'), 0)
"""
LOCK_COST = f"""
SELECT s.id FROM shipment s JOIN ({COST}) wrong ON wrong.id = s.id WHERE s.tenant_id = $1 ORDER BY s.id FOR UPDATE OF s
"""
COUNT_COST = """
UPDATE shipment s SET cost = w.amount FROM (
    SELECT k.id, coalesce(sum(c.amount) FILTER (WHERE c.status = 'BOOKED'), 0)::bigint AS amount FROM shipment k
    LEFT JOIN shipment_charge c ON c.tenant_id = $1 AND c.shipment_id = k.id
    WHERE k.tenant_id = $1 AND k.id = any($2::uuid[]) GROUP BY k.id
) w WHERE s.tenant_id = $1 AND s.id = w.id AND s.cost <> w.amount
"""
SETTLED = """
SELECT s.id, s.state, s.cost, coalesce(sum(c.amount) FILTER (WHERE c.kind = 'CANCEL'), 0) AS cancelled FROM shipment s
LEFT JOIN shipment_charge c ON c.tenant_id = $1 AND c.shipment_id = s.id AND c.status = 'BOOKED'
WHERE s.tenant_id = $1 AND s.settled_at IS NOT NULL GROUP BY s.id, s.state, s.cost, s.picked_up_at
HAVING s.state <> 'CANCELLED' OR s.picked_up_at IS NOT NULL
    OR coalesce(sum(c.amount) FILTER (WHERE c.kind <> 'CANCEL'), 0) <> 0
"""
CARRIED_ONCE = f"""
SELECT c.fulfilment_id, c.winner_id, s.id, s.state FROM courier_call c
JOIN shipment s ON s.tenant_id = $1 AND s.fulfilment_id = c.fulfilment_id
WHERE c.tenant_id = $1 AND s.rank >= {TAKEN} AND s.state <> 'CANCELLED' AND s.round = c.round
    AND s.id IS DISTINCT FROM c.winner_id
"""
WON = """
SELECT c.fulfilment_id, c.status, c.winner_id, s.state FROM courier_call c
LEFT JOIN shipment s ON s.tenant_id = $1 AND s.id = c.winner_id AND s.fulfilment_id = c.fulfilment_id
WHERE c.tenant_id = $1 AND (
    (c.winner_id IS NOT NULL AND (s.id IS NULL OR s.accepted_at IS NULL))
    OR (c.status IN ('TAKEN', 'DONE', 'BACK')) <> (c.winner_id IS NOT NULL) AND c.status <> 'ENDED'
    OR (c.status = 'DONE') <> coalesce(s.state = 'DELIVERED', false))
"""
LEFT_THE_STORE = """
SELECT s.id, s.state, f.id AS fulfilment_id, f.status FROM shipment s
JOIN fulfilment f ON f.tenant_id = $1 AND f.id = s.fulfilment_id
WHERE s.tenant_id = $1 AND s.state IN ('PICKED_UP', 'RETURNING', 'DELIVERED')
    AND f.status <> ALL (CASE s.state WHEN 'DELIVERED' THEN '{DONE}' ELSE '{DISPATCHED,DONE}' END::text[])
    AND NOT EXISTS (SELECT FROM order_event e WHERE e.tenant_id = $1 AND e.order_id = s.order_id
        AND e.name = 'delivery_trouble')
"""
RANKED = f"""
SELECT id, state, rank, picked_up_at, ended_at FROM shipment WHERE tenant_id = $1 AND (
    rank <> CASE state WHEN 'CREATED' THEN 0 WHEN 'DISPATCHING' THEN 10 WHEN 'ACCEPTED' THEN 20
        WHEN 'ARRIVED_STORE' THEN 30 WHEN 'PICKED_UP' THEN 40 WHEN 'RETURNING' THEN 50 WHEN 'EXCEPTION' THEN rank
        ELSE {LAST} END
    OR (ended_at IS NOT NULL) <> (rank = {LAST}) OR (rank >= {LEFT} AND state <> 'CANCELLED' AND picked_up_at IS NULL))
"""
SAID = """
SELECT s.id, s.state, s.rank FROM shipment s WHERE s.tenant_id = $1 AND s.state <> 'CREATED' AND NOT EXISTS (
    SELECT FROM shipment_event e WHERE e.tenant_id = $1 AND e.shipment_id = s.id AND e.state = s.state
    AND e.ignored_because IS NULL)
"""
LOOKED_AT = f"""
SELECT id, state, look_at FROM shipment WHERE tenant_id = $1 AND rank < {LAST}
    AND coalesce(look_at, created_at) < (SELECT app_now()) - interval '1 day'
"""
CANCELLED_IN_TIME = f"""
SELECT id, state, given_up_at FROM shipment WHERE tenant_id = $1 AND rank < {LAST}
    AND given_up_at < (SELECT app_now()) - interval '1 day'
"""

INVARIANTS = [
    Invariant(
        key="deliveries.cost",
        sentence="What a shipment costs is what its charges come to.",
        broken=COST,
        mending=Mending(LOCK_COST, COUNT_COST),
    ),
    Invariant(
        key="deliveries.settled",
        sentence="A shipment that was cancelled before it was picked up costs what its cancellation costs.",
        broken=SETTLED,
    ),
    Invariant(key="deliveries.carried_once", sentence="One shipment carries a fulfilment.", broken=CARRIED_ONCE),
    Invariant(key="deliveries.won", sentence="A call stands where the shipment stands that has it.", broken=WON),
    Invariant(
        key="deliveries.left",
        sentence="What a courier has is on its way, and what was delivered is done, or staff were told.",
        broken=LEFT_THE_STORE,
    ),
    Invariant(key="deliveries.ranked", sentence="A shipment has the rank and the times of its state.", broken=RANKED),
    Invariant(key="deliveries.said", sentence="A shipment is in a state that somebody has told of.", broken=SAID),
    Invariant(
        key="deliveries.looked_at",
        sentence="Shipments that are not over are asked about within the day.",
        broken=LOOKED_AT,
        scope=Scope.UPKEEP,
    ),
    Invariant(
        key="deliveries.cancelled",
        sentence="Shipments that are given up are cancelled within the day.",
        broken=CANCELLED_IN_TIME,
        scope=Scope.UPKEEP,
    ),
]
