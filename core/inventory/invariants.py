"""What must hold of stock."""

from core.books import Invariant, Mending, written_once

#: what is not sent yet is promised by its line: there may be no order that a reservation could be of; and what is kept
#: for whoever brings goods back is none that their order has
PROMISES = """
SELECT location_id, variant_id, quantity FROM reservation WHERE tenant_id = $1 AND state IN ('OPEN', 'CLAIMED')
UNION ALL SELECT t.source_id, l.variant_id, l.quantity FROM transfer t
JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id WHERE t.tenant_id = $1 AND t.status = 'REQUESTED'
UNION ALL SELECT location_id, variant_id, quantity FROM replacement WHERE tenant_id = $1 AND state = 'HELD'
"""
PROMISED = f"""
SELECT s.location_id, s.variant_id, s.on_hand, s.reserved, coalesce(r.held, 0) AS held
FROM stock s LEFT JOIN (
    SELECT location_id, variant_id, sum(quantity) AS held FROM ({PROMISES}) AS promise GROUP BY 1, 2
) r USING (location_id, variant_id)
WHERE s.tenant_id = $1 AND (s.reserved <> coalesce(r.held, 0) OR s.reserved NOT BETWEEN 0 AND s.on_hand)
"""
# Whoever promises stock, or lets go of it, holds its row: with the row held, the promises do not change.
LOCK_PROMISED = f"""
SELECT s.location_id, s.variant_id FROM stock s
JOIN ({PROMISED}) b ON b.location_id = s.location_id AND b.variant_id = s.variant_id
WHERE s.tenant_id = $1 ORDER BY s.location_id, s.variant_id FOR UPDATE OF s
"""
COUNT_PROMISED = f"""
UPDATE stock s SET reserved = p.held FROM (
    SELECT k.location_id, k.variant_id, coalesce(sum(r.quantity), 0)::bigint AS held
    FROM unnest($2::uuid[], $3::uuid[]) AS k(location_id, variant_id)
    LEFT JOIN ({PROMISES}) AS r ON r.location_id = k.location_id AND r.variant_id = k.variant_id
    GROUP BY 1, 2
) p
WHERE s.tenant_id = $1 AND s.location_id = p.location_id AND s.variant_id = p.variant_id
    AND s.reserved <> p.held AND p.held <= s.on_hand
"""
MOVED = """
SELECT s.location_id, s.variant_id, s.on_hand, coalesce(m.moved, 0) AS moved FROM stock s
LEFT JOIN (
    SELECT location_id, variant_id, sum(delta) AS moved FROM stock_movement WHERE tenant_id = $1 GROUP BY 1, 2
) m USING (location_id, variant_id)
WHERE s.tenant_id = $1 AND s.on_hand <> coalesce(m.moved, 0)
"""

INVARIANTS = [
    Invariant(
        key="inventory.reserved",
        sentence="Reserved is what reservations, transfers not sent and exchanges promise, and never above on hand.",
        broken=PROMISED,
        mending=Mending(LOCK_PROMISED, COUNT_PROMISED),
    ),
    Invariant(key="inventory.on_hand", sentence="On hand is the sum of the movements.", broken=MOVED),
    written_once("inventory.movements", "stock_movement", "A movement of stock stays as it was written."),
]
