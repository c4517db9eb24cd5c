"""Changing who may do what: one at a time, and never so that nobody is left who may do everything."""

from core.access.errors import LastOwner
from core.work import Work

HOLD = "SELECT name FROM role WHERE tenant_id = $1 AND name = 'owner' FOR NO KEY UPDATE"
OWNERS = """
SELECT count(*) FROM role_assignment a JOIN staff s ON s.tenant_id = a.tenant_id AND s.id = a.staff_id
WHERE a.tenant_id = $1 AND a.role = 'owner' AND a.store_id IS NULL AND a.region_id IS NULL AND s.active
AND (s.password_hash IS NOT NULL OR EXISTS (SELECT FROM identity_provider p WHERE p.tenant_id = $1))
"""


async def hold(work: Work) -> None:
    """Wait for whoever changes roles or staff at this brand, and have others wait until this transaction ends."""
    await work.fetch(HOLD)


async def require_owner(work: Work, *, path: tuple[str, ...] = ()) -> None:
    """Refuse what has just been done if it leaves the brand, which is held, without an owner who can sign in."""
    if not await work.value(OWNERS):
        raise LastOwner(path=path)
