"""What a member says, and what is kept by their word, comes one after the other."""

from uuid import UUID

from core.work import Work

# The member's row, and not a lock of our own: it is there already, and gone with them. Whoever refers to it goes on.
TAKE = "SELECT 1 FROM member WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"


async def take(work: Work, member_id: UUID) -> None:
    """Wait for whoever is at it, and have others wait until this transaction ends."""
    await work.fetch(TAKE, member_id)
