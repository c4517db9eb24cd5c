"""Who may do what: roles are data of each tenant, Casbin is the model they are read by."""

from core.access.permission import Permission
from core.access.policy import grants_of
from core.access.roles import OPERATOR, ROLES, seed_roles
from core.access.service import assign

__all__ = ["OPERATOR", "ROLES", "Permission", "assign", "grants_of", "seed_roles"]
