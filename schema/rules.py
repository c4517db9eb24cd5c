"""Rules: what the brand decides, where and from when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import carts, rulebook, stores
from core.errors import Invalid, NotFound
from core.pricing import Totals as TotalsRow
from core.rulebook import RuleEffect as EffectRow
from core.rulebook import RuleState, Search, Wanted
from core.rulebook import RuleVersion as VersionRow
from core.rules import BRAND, Place, RuleBook
from core.stores import RegionRow, StoreRow
from core.work import Work
from schema import relay
from schema.audit import AuditActor, AuditActorRow, actors_of
from schema.checkout import Totals
from schema.context import Info
from schema.enums import RuleScope
from schema.fields import batched, field, mutation, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload
from schema.scalars import Json
from schema.stores import Region, Store


@row_type(VersionRow)
class RuleVersion:
    """A value that somebody gave a rule in some place; nothing of it is ever changed."""

    version: int = field("Its number; the brand's versions are counted as they are set.")
    key: str = field("The rule.")
    value: Json | None = field("The value; null: none of its own in that place any more.")
    effective_from: datetime = field("From when on it holds, until another one for that place does.")
    set_at: datetime = field("When it was set.")
    reason: str | None = field("Why.")
    restores: int | None = field("The version whose value this is once more.")


@batched(RuleVersion, AuditActor)
async def author(versions: Sequence[VersionRow], info: Info) -> list[AuditActorRow]:
    """Who set it."""
    return await actors_of(info.work, [(one.actor_kind, one.actor_id, one.actor_name) for one in versions])


@batched(RuleVersion, Store | None, name="store")
async def version_store(versions: Sequence[VersionRow], info: Info) -> list[StoreRow | None]:
    """The one store that it is for."""
    keys = [one.store_id for one in versions if one.store_id is not None]
    found = dict(zip(keys, await stores.by_ids(info.work, keys), strict=True))
    return [found.get(one.store_id) if one.store_id is not None else None for one in versions]


@batched(RuleVersion, Region | None, name="region")
async def version_region(versions: Sequence[VersionRow], info: Info) -> list[RegionRow | None]:
    """The region whose stores it is for."""
    return await stores.regions_by_ids(info.work, [one.region_id for one in versions])


@row_type(RuleState)
class Rule:
    """A rule, and what it comes to for a store or for the brand as a whole."""

    key: str = field("orders.lock_minutes, pricing.delivery_fee ...")
    description: str = field("What it decides.")
    json_schema: Json = field("Its type and bounds, as JSON Schema; format cel is a condition, with its variables.")
    default: Json | None = field("What holds where the brand has decided nothing.")
    value: Json | None = field("What holds.")
    scope: RuleScope = field("Where the value comes from.")
    settable_for: list[RuleScope] = field("Where it may be set.")
    version: int | None = field("The version that gives the value; null: the platform's or the default.")
    effective_from: datetime | None = field("Since when that holds.")


@batched(Rule, RuleVersion | None)
async def set_by(states: Sequence[RuleState], info: Info) -> list[VersionRow | None]:
    """The version that gives the value."""
    found = await rulebook.by_versions(info.work, [one.version for one in states if one.version is not None])
    return [found.get(one.version or 0) for one in states]


@batched(Rule, RuleVersion | None)
async def upcoming(states: Sequence[RuleState], info: Info) -> list[VersionRow | None]:
    """The next version that takes effect here, if one waits."""
    found = await rulebook.by_versions(info.work, [one.next_version for one in states if one.next_version is not None])
    return [found.get(one.next_version or 0) for one in states]


@strawberry.type(description="A version in a page.")
class RuleVersionEdge:
    cursor: str = field("Where this item stands.")
    node: RuleVersion = field("The version.")


@strawberry.type(description="A page of versions.")
class RuleVersionConnection(Page):
    edges: list[RuleVersionEdge] = field("The items with their cursors.")
    nodes: list[RuleVersion] = field("The items.")


@strawberry.type(description="The rule, or why nothing was done.")
class RulePayload(Payload):
    rule: Rule | None = field("The rule as it is now where it was set.")
    version: RuleVersion | None = field("What was set; it may still wait for its moment.")


@row_type(EffectRow)
class RuleEffect:
    """What would become of the rule in some stores."""

    before: Json | None = field("What holds there now.")
    after: Json | None = field("What would hold.")
    stores: int = field("In how many stores.")


@strawberry.type(description="What setting a rule would do.")
class RulePreview:
    effects: list[RuleEffect] = strawberry.field(
        description="The stores that would go by another value.", metadata={"cost": 1}
    )
    cart_before: Totals | None = field("What the cart comes to now.")
    cart_after: Totals | None = field("What it would come to.")


@strawberry.input(description="A value for a rule: for the brand, or for one region or one store.")
class RuleSetInput:
    key: str = field("Which rule.")
    value: Json | None = strawberry.field(
        description="The value; null: none of its own there, so that the next wider one counts.",
        default=strawberry.UNSET,
    )
    store_id: ID | None = strawberry.field(description="For this store.", default=None)
    region_id: ID | None = strawberry.field(description="For the stores of this region.", default=None)
    effective_from: datetime | None = strawberry.field(description="From when on; null: from now.", default=None)
    reason: str | None = strawberry.field(description="Why, for whoever reads the history.", default=None)


@strawberry.input(description="A version whose value is to hold again, where it was set.")
class RuleRollbackInput:
    key: str = field("Which rule.")
    version: int = field("Which version of it.")
    reason: str | None = strawberry.field(description="Why, for whoever reads the history.", default=None)


@strawberry.input(description="A value to try out.")
class RulePreviewInput:
    key: str = field("Which rule.")
    value: Json | None = strawberry.field(
        description="The value; null: none of its own there.", default=strawberry.UNSET
    )
    store_id: ID | None = strawberry.field(description="For this store.", default=None)
    region_id: ID | None = strawberry.field(description="For the stores of this region.", default=None)
    cart_id: ID | None = strawberry.field(description="A cart whose totals to show.", default=None)


@query(list[Rule], access=rulebook.READ, cost=40, name="rules")
async def list_rules(info: Info, store_id: ID | None = None) -> list[RuleState]:
    """Every rule that the brand may set, by key: what it comes to in a store, or for the brand as a whole."""
    key = await _readable_store(info, store_id, ("storeId",)) if store_id is not None else None
    return await rulebook.states(info.work, key)


@query(RuleVersionConnection, access=rulebook.READ, cost=2)
async def rule_history(
    info: Info, key: str | None = None, store_id: ID | None = None, first: int | None = PAGE, after: str | None = None
) -> Connection[VersionRow]:
    """What rules were set to, newest first: one rule or all; for a store, what it has gone by."""
    size, last = size_of(first), position(after, int)
    if key is not None and key not in info.work.hooks.rules:
        raise NotFound(what="rule", path=("key",))
    store = await _readable_store(info, store_id, ("storeId",)) if store_id is not None else None
    wanted = Search(key, store)
    rows = await rulebook.history(info.work, Search(key, store, last[0] if last else None), size + 1)
    count = alone(lambda work: rulebook.count(work, wanted))
    return connection(rows, first=size, after=after, key=lambda row: [row.version], count=count)


@query(RulePreview, access=rulebook.READ, cost=40)
async def rule_preview(info: Info, input: RulePreviewInput) -> RulePreview:
    """What setting a rule would do: to the stores, and to a cart that you may see."""
    wanted = _wanted(input)
    if wanted.place.store_id is not None:
        await _readable_store(info, input.store_id or "", ("input", "storeId"))
    found = await rulebook.preview(info.work, wanted)
    before, after = None, None
    if input.cart_id is not None:
        before, after = [await _totals(info, input.cart_id, book) for book in (found.before, found.after)]
    return RulePreview(effects=found.effects, cart_before=before, cart_after=after)  # type: ignore[arg-type]  # rows are shown as their types


@mutation(RulePayload, access=rulebook.SET)
async def rule_set(work: Work, input: RuleSetInput) -> Done:
    """Set a rule, from now or from a moment to come. Nobody sets one where their own role does not reach."""
    return await _shown(work, await rulebook.decide(work, _wanted(input)))


@mutation(RulePayload, access=rulebook.SET)
async def rule_rollback(work: Work, input: RuleRollbackInput) -> Done:
    """Give a rule the value of an earlier version again, where that was set, as a new version."""
    return await _shown(work, await rulebook.roll_back(work, input.key, input.version, input.reason))


async def _shown(work: Work, made: VersionRow) -> Done:
    return Done(await rulebook.state(work, rulebook.known(work, made.key), made.place), more={"version": made})


def _wanted(given: RuleSetInput | RulePreviewInput) -> Wanted:
    if given.value is strawberry.UNSET:
        raise Invalid(reason="Give a value, or null for none.", path=("input", "value"))
    since, reason = None, None
    if isinstance(given, RuleSetInput):
        since, reason = given.effective_from, given.reason
    return Wanted(key=given.key, value=given.value, place=_place(given), effective_from=since, reason=reason)


def _place(given: RuleSetInput | RulePreviewInput) -> Place:
    if given.store_id is not None and given.region_id is not None:
        raise Invalid(reason="Give storeId or regionId, and not both.", path=("input", "regionId"))
    if given.store_id is not None:
        return Place(store_id=relay.key_or_nothing("Store", given.store_id))
    return Place(region_id=relay.filter_key("Region", given.region_id)) if given.region_id is not None else BRAND


async def _readable_store(info: Info, store_id: str, path: tuple[str, ...]) -> UUID:
    """The key of a store whose rules the viewer may see."""
    key = relay.key_or_nothing("Store", store_id)
    if not info.viewer.may(rulebook.READ.name, key) or (await stores.by_ids(info.work, [key]))[0] is None:
        raise NotFound(what="store", path=path)
    return key


async def _totals(info: Info, cart_id: str, book: RuleBook) -> TotalsRow | None:
    """What a cart comes to by other rules, in a Work of its own: the request's goes on by those in force."""
    key = relay.key_or_nothing("Cart", cart_id)
    await info.close()  # nobody holds two connections
    async with info.platform.open_work(info.tenant, info.viewer, language=info.language, read_only=True) as work:
        work.rules = book
        cart = (await carts.by_ids(work, [key]))[0]
    if cart is None or not carts.open_to(cart, info.viewer):
        raise NotFound(what="cart", path=("input", "cartId"))
    return cart.totals
