"""Why somebody may do a thing or may not: the tenant's roles as Casbin reads them, with the rule that decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from core.access.permissions import EXPLAIN
from core.access.policy import Policy, policy_of, stores_within, target_of, vocabulary_of
from core.access.queries import roles
from core.access.scopes import EVERYWHERE, Scope
from core.actors import Actor
from core.work import Work


class Reason(StrEnum):
    """Why."""

    ALLOWED = "ALLOWED"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_STAFF = "NOT_STAFF"
    NOT_ACTIVE = "NOT_ACTIVE"
    UNKNOWN_PERMISSION = "UNKNOWN_PERMISSION"
    NO_ROLE_GRANTS = "NO_ROLE_GRANTS"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_IN_SCOPE_OF_APP = "NOT_IN_SCOPE_OF_APP"
    NO_SECOND_FACTOR = "NO_SECOND_FACTOR"


SENTENCES: Mapping[Reason, str] = {
    Reason.ALLOWED: "{roles} allows it {where}.",
    Reason.NOT_SIGNED_IN: "Sign in first: a guest holds no permission.",
    Reason.NOT_STAFF: "Permissions are for staff and apps: a member does what is open to every member.",
    Reason.NOT_ACTIVE: "This person is not let in at present: staffActivate lets them in again.",
    Reason.UNKNOWN_PERMISSION: "There is no such permission here: `permissions` lists all that there are.",
    Reason.NO_ROLE_GRANTS: "None of the roles held allows it. Ask whoever has roles.assign for one of these: {roles}.",
    Reason.OUT_OF_SCOPE: "{roles} allows it elsewhere: have somebody with roles.assign give it for this store too.",
    Reason.NOT_IN_SCOPE_OF_APP: "The token lacks the scope {permission}: have the app ask for it.",
    Reason.NO_SECOND_FACTOR: "A role allows it, but this brand asks for a second factor first: see staffTotpEnrol.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A role that somebody has, what it lets them do, and where."""

    role: str
    label: str
    permission: str
    scope: Scope

    @property
    def everywhere(self) -> bool:
        return self.scope == EVERYWHERE


@dataclass(frozen=True, slots=True)
class Decision:
    reason: Reason
    message: str  #: what decided, or what to do
    rule: Rule | None = None  #: the one that decides
    elsewhere: Sequence[Rule] = ()  #: that would allow it in other stores

    @property
    def allowed(self) -> bool:
        return self.reason == Reason.ALLOWED


@dataclass(frozen=True, slots=True)
class _Roles:
    """One person's roles, among all that the tenant has."""

    policy: Policy  #: in which the person's name is empty
    labels: Mapping[str, str]

    def deciding(self, permission: str, store_id: UUID | None) -> Rule | None:
        """The rule by which Casbin allows it; without a store: anywhere."""
        enforcer, scopes = self.policy.enforcer(), self._own_scopes()
        for asked in [Scope(store_id)] if store_id is not None else [one.scope for one in self.granting(permission)]:
            allowed, line = enforcer.enforce_ex("", self.policy.tenant, asked.name, *target_of(permission))
            if allowed:
                given_for = next(scope for scope in scopes if self._reaches(line[0], scope, asked))
                return self._rule(line[0], permission, given_for)
        return None

    def granting(self, permission: str) -> Iterator[Rule]:
        """Every rule that allows it somewhere, those for everywhere first."""
        for scope, role in sorted((scope, role) for _, role, scope in self.policy.assignments):
            if (role, permission) in self.policy.lines:
                yield self._rule(role, permission, Scope.named(scope))

    def labels_granting(self, permission: str) -> list[str]:
        """The tenant's roles that would allow it."""
        return sorted(self.labels[role] for role, one in self.policy.lines if one == permission)

    def known(self, permission: str) -> bool:
        """Whether it can be granted, or has been to this person while a plugin was on."""
        return permission in self.policy.vocabulary or any(self.granting(permission))

    def reached(self, rule: Rule) -> frozenset[UUID] | None:
        """The stores that a rule reaches; None: all of them."""
        return None if rule.scope == EVERYWHERE else stores_within(self.policy, [rule.scope])

    def _own_scopes(self) -> list[Scope]:
        """What the person has roles for, everywhere first."""
        return [Scope.named(name) for name in sorted({scope for _, _, scope in self.policy.assignments})]

    def _reaches(self, role: str, scope: Scope, asked: Scope) -> bool:
        if ("", role, scope.name) not in self.policy.assignments:
            return False
        return scope in {EVERYWHERE, asked} or asked.store_id in stores_within(self.policy, [scope])

    def _rule(self, role: str, permission: str, scope: Scope) -> Rule:
        return Rule(role, self.labels[role], permission, scope)


async def explain_roles(work: Work, staff_id: UUID, permission: str, store_id: UUID | None) -> Decision:
    """Whether somebody's roles let them do a thing, in a store or anywhere."""
    found = await _roles_of(work, staff_id)
    rule = found.deciding(permission, store_id)
    if rule is not None:
        return replace(decided(Reason.ALLOWED, roles=rule.label, where=_where(rule.scope)), rule=rule)
    if not found.known(permission):
        return decided(Reason.UNKNOWN_PERMISSION)
    elsewhere = [one for one in found.granting(permission) if _shown(work.actor, staff_id, found.reached(one))]
    if any(found.granting(permission)):
        labels = _listed(one.label for one in elsewhere) if elsewhere else "A role"
        return replace(decided(Reason.OUT_OF_SCOPE, roles=labels), elsewhere=elsewhere)
    return decided(Reason.NO_ROLE_GRANTS, roles=_listed(found.labels_granting(permission)))


def explain_scopes(work: Work, permission: str, store_id: UUID | None) -> Decision:
    """Whether the actor, an app that acts for itself, may do a thing: the scopes of its token are all that it has."""
    if work.actor.may(permission, store_id):
        return decided(Reason.ALLOWED, roles="The token's scope", where="everywhere")
    known = permission in vocabulary_of(work)
    return decided(Reason.NOT_IN_SCOPE_OF_APP if known else Reason.UNKNOWN_PERMISSION, permission=permission)


async def _roles_of(work: Work, staff_id: UUID) -> _Roles:
    own, every = await policy_of(work, staff_id), await roles(work)
    permissions = frozenset((role.name, permission) for role in every for permission in role.permissions)
    return _Roles(replace(own, permissions=permissions), {role.name: role.label for role in every})


def _shown(viewer: Actor, staff_id: UUID, reached: frozenset[UUID] | None) -> bool:
    """Whether the asker may know of a rule: it is their own, or it reaches where they may ask."""
    reach = viewer.stores(EXPLAIN.name)
    own = staff_id in (viewer.id, viewer.on_behalf_of)
    return own or reach is None or reached is None or not reached.isdisjoint(reach)


def decided(reason: Reason, **facts: str) -> Decision:
    """A decision in words."""
    return Decision(reason, SENTENCES[reason].format(**facts))


def _listed(labels: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(labels))


def _where(scope: Scope) -> str:
    if scope == EVERYWHERE:
        return "everywhere"
    return "in this store" if scope.store_id is not None else "in this store's region"
