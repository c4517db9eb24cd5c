"""Why somebody may do a thing, or may not."""

from collections.abc import Sequence
from uuid import UUID

from strawberry import ID

from core import stores
from core.access import Decision, Rule
from core.actors import ActorKind
from core.errors import NotFound, Unauthenticated
from core.identity import explain, explain_other
from core.stores import RegionRow, StoreRow
from schema import relay
from schema.context import Info
from schema.enums import AccessReason
from schema.fields import PUBLIC, batched, field, query, row_type
from schema.stores import Region, Store


@row_type(Rule)
class AccessRule:
    """That a role lets its holder do a thing, and where."""

    role: str = field("The role.")
    label: str = field("What people call the role.")
    permission: str = field("What it allows.")
    everywhere: bool = field("Whether it was given for every store.")


@row_type(Decision)
class AccessDecision:
    """Whether somebody may do a thing, and why."""

    allowed: bool = field("Whether they may.")
    reason: AccessReason = field("Why, for programs.")
    message: str = field("What has decided, or what to do about it.")
    rule: AccessRule | None = field("The rule that allows it.")
    elsewhere: list[AccessRule] = field("Rules that allow it in other stores.", cost=5)


@batched(AccessRule, Store | None, name="store")
async def rule_store(rules: Sequence[Rule], info: Info) -> list[StoreRow | None]:
    """The store it was given for."""
    ids = [rule.scope.store_id for rule in rules if rule.scope.store_id is not None]
    found = dict(zip(ids, await stores.by_ids(info.work, ids), strict=True))
    return [found.get(rule.scope.store_id) if rule.scope.store_id is not None else None for rule in rules]


@batched(AccessRule, Region | None, name="region")
async def rule_region(rules: Sequence[Rule], info: Info) -> list[RegionRow | None]:
    """The region it was given for."""
    return await stores.regions_by_ids(info.work, [rule.scope.region_id for rule in rules])


@query(AccessDecision, access=PUBLIC, cost=20)
async def why_denied(info: Info, permission: str, store_id: ID | None = None, staff_id: ID | None = None) -> Decision:
    """Whether you may do a thing, in a store or anywhere, and why; the same of somebody else with roles.explain."""
    if staff_id is None:
        return await explain(info.work, permission, await _store(info, store_id))
    if info.viewer.kind == ActorKind.ANONYMOUS:
        raise Unauthenticated(reason="this is not open to guests.")
    person = relay.key_of("StaffUser", staff_id)
    return await explain_other(info.work, person, permission, await _store(info, store_id))


async def _store(info: Info, store_id: str | None) -> UUID | None:
    if store_id is None:
        return None
    key = relay.key_of("Store", store_id)
    if key is None or (await stores.by_ids(info.work, [key]))[0] is None:
        raise NotFound(what="store", path=("storeId",))
    return key
