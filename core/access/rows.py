"""Roles as they are read."""

from dataclasses import dataclass
from uuid import UUID

from core.access.roles import ROLES
from core.access.scopes import EVERYWHERE, Scope


@dataclass(slots=True)
class RoleRow:
    name: str
    label: str
    permissions: list[str]
    people: int  #: who have it, those who were let go among them

    @property
    def built_in(self) -> bool:
        """Whether brands start with it."""
        return self.name in ROLES


@dataclass(slots=True)
class AssignmentRow:
    """What somebody has a role for, all scopes together."""

    staff_id: UUID
    role: str
    scopes: list[Scope]

    @property
    def everywhere(self) -> bool:
        return EVERYWHERE in self.scopes
