"""Giving roles to people."""

from uuid import UUID

from core.access.models import RoleAssignment
from core.ids import new_id
from core.work import Work


async def assign(
    work: Work, staff_id: UUID, role: str, *, store_id: UUID | None = None, region_id: UUID | None = None
) -> None:
    """Give somebody a role: everywhere, in the stores of a region, or in one store."""
    work.add(RoleAssignment(id=new_id(), staff_id=staff_id, role=role, store_id=store_id, region_id=region_id))
