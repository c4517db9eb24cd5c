"""Leaks that are planted to be found: each makes one function of the application reach for another brand."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from core import catalog, identity, inventory, members, orders, payments
from core.actors import Actor, system
from core.fulfilment import Advance
from core.members import queries as member_queries
from core.orders import OrderState
from core.orders import queries as order_queries
from core.work import Work
from plugins.group_buy import campaigns
from schema import relay
from tenants import Platform, Tenant
from tests.security.attack.brands import Theatre

TOUCH = "UPDATE sales_order SET note = 'touched' WHERE tenant_id = $1 AND id = $2"
LYING = "SELECT variant_id FROM stock WHERE tenant_id = $1 AND location_id = $2 LIMIT 1"
STATUS = "SELECT status FROM sales_order WHERE tenant_id = $1 AND id = $2"
TELL = """
INSERT INTO outbox (tenant_id, id, name, payload, actor, at)
SELECT tenant_id, id, 'orders.OrderPaid', '{}', 'planted', app_now() FROM sales_order WHERE tenant_id = $1 AND id = $2
ON CONFLICT DO NOTHING
"""

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Abroad:
    """A way into the other brands, such as no code of ours has."""

    platform: Platform
    theirs: Tenant
    twin: Tenant

    @classmethod
    def of(cls, theatre: Theatre) -> "Abroad":
        siege = theatre.siege
        platform = siege.ours.callers["guest"].application.platform
        return cls(platform, siege.theirs.world.tenant, theatre.twin.tenant)

    def work(self) -> AbstractAsyncContextManager[Work]:
        return self.platform.open_work(self.theirs, system("planted"))

    def work_of_twin(self) -> AbstractAsyncContextManager[Work]:
        return self.platform.open_work(self.twin, system("planted"))


def node(patch: Patch, abroad: Abroad) -> None:
    """A node that is not here is loaded there."""
    load = relay.loader_of("Product")
    assert load is not None

    async def found(work: Work, ids: Sequence[UUID]) -> list[Any]:
        async with abroad.work() as other:
            pairs = zip(await load(work, ids), await load(other, ids), strict=True)
            return [here or there for here, there in pairs]

    patch.setitem(relay._LOADERS, "Product", found)


def natural_key(patch: Patch, abroad: Abroad) -> None:
    """A slug that is not here is looked for there."""
    by_slug = catalog.product_by_slug

    async def found(work: Work, slug: str) -> Any:
        async with abroad.work() as other:
            return await by_slug(work, slug) or await by_slug(other, slug)

    patch.setattr(catalog, "product_by_slug", found)


def edge(patch: Patch, abroad: Abroad) -> None:
    """A relation takes the rows of whoever has these ids."""
    by_ids = catalog.products_by_ids

    async def found(_: Work, ids: Sequence[UUID]) -> Any:
        async with abroad.work_of_twin() as other:
            return await by_ids(other, ids)

    patch.setattr(catalog, "products_by_ids", found)


def argument_further_down(patch: Patch, abroad: Abroad) -> None:
    """A store that is not here shows the stock that it has there."""
    at_location = inventory.at_location

    async def found(work: Work, place: UUID, ids: Sequence[UUID]) -> Any:
        async with abroad.work() as other:
            lying = await other.value(LYING, place)
            return await (at_location(other, place, [lying] * len(ids)) if lying else at_location(work, place, ids))

    patch.setattr(inventory, "at_location", found)


def number(patch: Patch, abroad: Abroad) -> None:
    """A list counts everybody's."""
    count = members.count

    async def counted(work: Work) -> int:
        async with abroad.work() as other:
            return await count(work) + int(await other.value("SELECT count(*) FROM member WHERE tenant_id = $1"))

    patch.setattr(members, "count", counted)


def refusal(patch: Patch, abroad: Abroad) -> None:
    """What is there is refused with other words than what is nowhere."""
    reject = payments.reject_order

    async def rejected(work: Work, order_id: UUID | None, *, fulfilment_id: UUID | None, note: str) -> Advance:
        async with abroad.work() as other:
            status = await other.value(STATUS, order_id)
        if status is not None:
            raise OrderState(status=status, path=("input", "orderId"))
        return await reject(work, order_id, fulfilment_id=fulfilment_id, note=note)

    patch.setattr(payments, "reject_order", rejected)


def write(patch: Patch, abroad: Abroad) -> None:
    """A refusal leaves a row changed there."""
    _before_refusing(patch, abroad, TOUCH)


def event(patch: Patch, abroad: Abroad) -> None:
    """A refusal tells of an event there."""
    _before_refusing(patch, abroad, TELL)


def _before_refusing(patch: Patch, abroad: Abroad, sql: str) -> None:
    lock = orders.lock

    async def locked(work: Work, order_id: UUID) -> Any:
        order = await lock(work, order_id)
        if order is None:
            async with abroad.work() as other:
                await other.execute(sql, order_id)
        return order

    patch.setattr(orders, "lock", locked)


def session(patch: Patch, abroad: Abroad) -> None:
    """A refresh token that is not good here is used up there."""
    refresh = identity.refresh

    async def refreshed(work: Work, token: str) -> Any:
        renewed = await refresh(work, token)
        if renewed is None:
            async with abroad.work() as other:
                await refresh(other, token)
        return renewed

    patch.setattr(identity, "refresh", refreshed)


def fault(patch: Patch, abroad: Abroad) -> None:
    """What is there breaks the call."""
    by_sku = catalog.variant_by_sku

    async def found(work: Work, sku: str) -> Any:
        async with abroad.work() as other:
            if await by_sku(other, sku) is not None:
                raise LookupError(sku)
        return await by_sku(work, sku)

    patch.setattr(catalog, "variant_by_sku", found)


def thing_of_a_plugin(patch: Patch, abroad: Abroad) -> None:
    """What a plugin does not have here is loaded there."""
    visible = campaigns.visible

    async def found(work: Work, ids: Sequence[UUID]) -> list[Any]:
        async with abroad.work() as other:
            pairs = zip(await visible(work, ids), await visible(other, ids), strict=True)
            return [here or there for here, there in pairs]

    patch.setattr(campaigns, "visible", found)


def order_out_of_reach(patch: Patch) -> None:
    """Orders are shown to whoever may see some."""
    patch.setattr(order_queries, "readable", lambda order, _: order is not None)


def member_out_of_reach(patch: Patch) -> None:
    """Members are shown to whoever may see some."""

    async def reached(_work: Work, _permission: object, ids: Sequence[UUID]) -> set[UUID]:
        return set(ids)

    patch.setattr(member_queries, "within_reach", reached)


def reach(patch: Patch) -> None:
    """A permission reaches every store."""
    patch.setattr(Actor, "stores", lambda *_: None)


@dataclass(frozen=True, slots=True)
class Planted:
    """A leak, the call it is planted in, and the words it is found by."""

    plant: Callable[..., None]
    call: str
    found_by: str


LEAKS = (
    Planted(node, "node(Product)", "shows"),
    Planted(natural_key, "product(slug)", "shows"),
    Planted(edge, "variant(id)", "shows"),
    Planted(argument_further_down, "variant(id)", "is answered"),
    Planted(refusal, "orderReject", "is answered"),
    Planted(write, "orderCancel", "has changed sales_order of theirs"),
    Planted(event, "orderAccept", "has changed outbox of theirs"),
    Planted(session, "tokenRefresh", "has changed refresh_token of theirs"),
    Planted(fault, "variant(sku)", "is a fault of ours"),
    Planted(thing_of_a_plugin, "groupBuyCampaign", "shows"),
)
BETWEEN_STORES = (
    Planted(order_out_of_reach, "order(id)", "shows"),
    Planted(order_out_of_reach, "node(Fulfilment)", "shows"),
    Planted(member_out_of_reach, "node(Member)", "shows"),
    Planted(reach, "orders", "where.storeId shows"),
    Planted(reach, "auditLog(storeId)", "where.storeId shows"),
    Planted(reach, "groupBuyCampaignEnd", "input.campaignId is answered"),
)
