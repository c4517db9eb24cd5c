"""What must hold of consents."""

from core.books import Invariant, written_once

LOCATED = """
SELECT l.member_id, l.seen_at FROM member_location l LEFT JOIN LATERAL (
    SELECT c.given FROM consent c WHERE c.tenant_id = $1 AND c.member_id = l.member_id AND c.purpose = 'LOCATION'
    ORDER BY c.number DESC LIMIT 1) last ON true
WHERE l.tenant_id = $1 AND last.given IS NOT TRUE
"""

INVARIANTS = [
    Invariant(key="consents.located", sentence="Nobody's place is kept who does not agree to it.", broken=LOCATED),
    written_once("consents.words", "consent", "What a member has said stays as it was said."),
    written_once("consents.texts", "consent_text", "What members have agreed to stays as it was written."),
]
