"""What must hold of keys."""

from core.books import Invariant, Scope

ANSWERED = """
SELECT operation, created_at, length(request_hash) AS hashed FROM idempotency_key
WHERE tenant_id = $1 AND (result IS NULL OR length(request_hash) <> 32)
"""
FORGOTTEN = """
SELECT operation, created_at FROM idempotency_key
WHERE tenant_id = $1 AND created_at < (SELECT app_now()) - interval '3 days'
"""

INVARIANTS = [
    Invariant(key="idempotency.answered", sentence="A key knows its request and what came of it.", broken=ANSWERED),
    Invariant(
        key="idempotency.forgotten",
        sentence="A key is forgotten within three days.",
        broken=FORGOTTEN,
        scope=Scope.UPKEEP,
    ),
]
