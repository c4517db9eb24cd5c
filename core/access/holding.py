"""Nobody gives what they do not hold, and nobody takes it away."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from core.access.covering import covers
from core.access.errors import BeyondOwnRights
from core.access.policy import Grants, Policy, expand, policy_of, stores_of
from core.access.scopes import EVERYWHERE, Scope
from core.actors import ActorKind
from core.errors import Unauthenticated
from core.work import Work

ACTIVE = "SELECT 1 FROM staff WHERE tenant_id = $1 AND id = $2 AND active"


async def require_held(
    work: Work, permissions: Iterable[str], scopes: Iterable[Scope], *, path: tuple[str, ...]
) -> None:
    """Refuse what the actor does not hold in each scope: by the token it came with, and by its roles as they are now.

    A region is more than its stores, since another may be opened in it: what one holds in each of them is not enough.
    The caller has held the brand, so that nobody's roles change under the question.
    """
    wanted, own = sorted(permissions), await _own_policy(work)
    for scope in scopes:
        reached = await _reached(work, scope)
        for permission in wanted:
            if not all(covers(held, {permission: reached}) for held in _held(work, own, scope)):
                raise BeyondOwnRights(permission=permission, path=path)


async def require_above(work: Work, wanted: Grants, *, path: tuple[str, ...]) -> None:
    """Refuse whoever may not do all of this where it may be done: by their token, and by their roles as they are now.

    The caller has held the brand.
    """
    own = await _own_policy(work)
    held = [work.actor.grants] if own is None else [work.actor.grants, expand(own)]
    for permission, stores in sorted(wanted.items()):
        if not all(covers(one, {permission: stores}) for one in held):
            raise BeyondOwnRights(permission=permission, path=path)


def _held(work: Work, own: Policy | None, scope: Scope) -> Iterator[Grants]:
    """What must hold, each of it."""
    yield work.actor.grants
    if own is not None and scope.region_id is not None:
        yield dict.fromkeys(expand(own.reaching(scope.region_id)))
    elif own is not None:
        yield expand(own)


async def _own_policy(work: Work) -> Policy | None:
    """The roles of whoever acts; an app that acts for nobody has none but what its token says."""
    actor = work.actor
    person = actor.id if actor.kind == ActorKind.STAFF else actor.on_behalf_of
    if person is None:
        return None
    if await work.value(ACTIVE, person) is None:
        raise Unauthenticated(reason="this person does not work here any more.")
    return await policy_of(work, person)


async def _reached(work: Work, scope: Scope) -> frozenset[UUID] | None:
    """The stores that a scope reaches today; None: every one."""
    if scope == EVERYWHERE:
        return None
    if scope.store_id is not None:
        return frozenset({scope.store_id})
    return frozenset(store for _, store in await stores_of(work, [scope.region_id] if scope.region_id else []))
