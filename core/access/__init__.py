"""Who may do what: roles are data of each tenant, Casbin is the model they are read by."""

from core.access.assigning import assign, give, withdraw
from core.access.covering import covers
from core.access.defining import RoleChange, define, redefine, remove
from core.access.errors import BeyondOwnRights, LastOwner, RoleFixed, RoleInUse
from core.access.explaining import Decision, Reason, Rule, decided, explain_roles, explain_scopes
from core.access.holding import require_above, require_held
from core.access.owners import hold, require_owner
from core.access.permissions import ASSIGN, DEFINE, EXPLAIN
from core.access.policy import Grants, Policy, expand, grants_of, policy_of, policy_of_tenant, vocabulary_of
from core.access.queries import assignments_of, by_names, roles
from core.access.roles import EVERYTHING, OPERATOR, OWNER, ROLES, begin_with, seed_roles
from core.access.rows import AssignmentRow, RoleRow
from core.access.scopes import EVERYWHERE, Scope

__all__ = [
    "ASSIGN",
    "DEFINE",
    "EVERYTHING",
    "EVERYWHERE",
    "EXPLAIN",
    "OPERATOR",
    "OWNER",
    "ROLES",
    "AssignmentRow",
    "BeyondOwnRights",
    "Decision",
    "Grants",
    "LastOwner",
    "Policy",
    "Reason",
    "RoleChange",
    "RoleFixed",
    "RoleInUse",
    "RoleRow",
    "Rule",
    "Scope",
    "assign",
    "assignments_of",
    "begin_with",
    "by_names",
    "covers",
    "decided",
    "define",
    "expand",
    "explain_roles",
    "explain_scopes",
    "give",
    "grants_of",
    "hold",
    "policy_of",
    "policy_of_tenant",
    "redefine",
    "remove",
    "require_above",
    "require_held",
    "require_owner",
    "roles",
    "seed_roles",
    "vocabulary_of",
    "withdraw",
]
