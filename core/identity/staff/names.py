"""What people are called who work for the brand or have worked for it."""

from collections.abc import Sequence
from uuid import UUID

from core.work import Work, place_of

NAMES = "SELECT id, name FROM staff WHERE tenant_id = $1 AND id = any($2::uuid[])"


async def names_of(work: Work, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by id, of whoever there is, let go or not."""
    rows = await work.fetch(NAMES, list(set(ids)))
    return {row["id"]: str(work.vault.open(row["name"], place_of("staff", "name", row["id"]))) for row in rows}
