"""Who may do what: roles are data of each tenant, Casbin is the model they are read by."""

from core.access.permissions import ASSIGN, DEFINE, EXPLAIN
from core.access.policy import Grants, Policy, expand, grants_of, policy_of
from core.access.roles import OPERATOR, OWNER, ROLES, seed_roles
from core.access.service import assign

__all__ = [
    "ASSIGN",
    "DEFINE",
    "EXPLAIN",
    "OPERATOR",
    "OWNER",
    "ROLES",
    "Grants",
    "Policy",
    "assign",
    "expand",
    "grants_of",
    "policy_of",
    "seed_roles",
]
