"""What must hold of the catalog."""

from core.books import Invariant

# What was ever kept in stock, or is not counted in pieces, is in no bundle's place.
BUNDLES = """
SELECT v.id, v.bundle, v.unit, count(c.variant_id) AS components FROM variant v
LEFT JOIN bundle_component c ON c.tenant_id = $1 AND c.bundle_id = v.id
WHERE v.tenant_id = $1 GROUP BY v.id, v.bundle, v.unit
HAVING v.bundle <> (count(c.variant_id) > 0) OR (v.bundle AND v.unit <> 'PIECE')
    OR (v.bundle AND EXISTS (SELECT FROM stock s WHERE s.tenant_id = $1 AND s.variant_id = v.id))
"""
COMPONENTS = """
SELECT c.bundle_id, c.variant_id, v.bundle, v.unit FROM bundle_component c
JOIN variant v ON v.tenant_id = $1 AND v.id = c.variant_id
WHERE c.tenant_id = $1 AND (v.bundle OR v.unit <> 'PIECE')
"""

INVARIANTS = [
    Invariant(
        key="catalog.bundles",
        sentence="What has components is a bundle, counted in pieces, and has no stock of its own.",
        broken=BUNDLES,
    ),
    Invariant(
        key="catalog.components",
        sentence="What a bundle is made of is counted in pieces, and is no bundle.",
        broken=COMPONENTS,
    ),
]
