"""Staff as other staff see them: whoever may see staff in some stores sees the people of those stores."""

from collections.abc import Sequence
from uuid import UUID

from core.identity.permissions import READ
from core.identity.staff.people import STAFF, StaffRow, email_index
from core.permission import Permission
from core.work import Work

#: $2 are the stores that one may see staff of, NULL for all: there belong whoever has a role in one of them, for its
#: region or for everywhere, and whoever has no role yet, since somebody has to give the first. $3 is oneself
SEEN = """
($2::uuid[] IS NULL OR s.id = $3
 OR NOT EXISTS (SELECT FROM role_assignment a WHERE a.tenant_id = $1 AND a.staff_id = s.id)
 OR EXISTS (
    SELECT FROM role_assignment a LEFT JOIN store t ON t.tenant_id = a.tenant_id AND t.region_id = a.region_id
    WHERE a.tenant_id = $1 AND a.staff_id = s.id
    AND (coalesce(a.store_id, t.id) = any($2) OR (a.store_id IS NULL AND a.region_id IS NULL))
))
"""
BY_IDS = f"SELECT {STAFF} FROM staff s WHERE s.tenant_id = $1 AND {SEEN} AND s.id = any($4::uuid[])"
BY_EMAIL = f"SELECT {STAFF} FROM staff s WHERE s.tenant_id = $1 AND {SEEN} AND s.email_index = $4"
PAGE = f"""
SELECT {STAFF} FROM staff s WHERE s.tenant_id = $1 AND {SEEN} AND ($4::uuid IS NULL OR s.id < $4)
ORDER BY s.id DESC LIMIT $5
"""
COUNT = f"SELECT count(*) FROM staff s WHERE s.tenant_id = $1 AND {SEEN}"


async def visible_staff(work: Work, ids: Sequence[UUID], permission: Permission = READ) -> list[StaffRow | None]:
    """People in the order of their ids, also those who were let go, as far as the actor's permission reaches them."""
    if not work.actor.may(permission.name):
        return [None] * len(ids)
    found = {row.id: row for row in await work.rows(StaffRow, BY_IDS, *_reach(work, permission), list(set(ids)))}
    return [found.get(key) for key in ids]


async def page_of_staff(work: Work, *, after: UUID | None, limit: int) -> list[StaffRow]:
    """The people whom the actor may see, the newest first."""
    return await work.rows(StaffRow, PAGE, *_reach(work, READ), after, limit)


async def staff_with_email(work: Work, email: str) -> list[StaffRow]:
    """Whoever has that address, if the actor may see them."""
    return await work.rows(StaffRow, BY_EMAIL, *_reach(work, READ), email_index(work, email))


async def count_staff(work: Work) -> int:
    """How many people the actor may see."""
    return int(await work.value(COUNT, *_reach(work, READ)))


def _reach(work: Work, permission: Permission) -> tuple[list[UUID] | None, UUID | None]:
    return work.actor.stores(permission.name), work.actor.id
