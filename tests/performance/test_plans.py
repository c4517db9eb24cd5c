"""Hot statements find their rows by an index that knows more of them than their tenant."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import asyncpg
import pytest

from core import (
    audit,
    carts,
    catalog,
    clock,
    dead_letters,
    idempotency,
    inventory,
    members,
    orders,
    pricing,
    returns,
    rulebook,
    stores,
)
from core.actors import Actor, ActorKind, system
from core.apps.codes import forget_codes
from core.audit import Search
from core.carts.goods import look_up
from core.catalog import Listing, Sort
from core.catalog.queries import CATEGORY_OF
from core.events import outbox
from core.fulfilment.confirming import find_unconfirmed
from core.fulfilment.lapsing import find_lapsed
from core.idempotency import Request
from core.identity.forgetting import forget_ended
from core.identity.tokens.sessions import end_begun_by
from core.inventory import Demand
from core.orders import Filter, slots
from core.orders.expiring import EXPIRED, SWEEP
from core.orders.plugin import OVERDUE
from core.permission import Permission
from core.returns import ReturnFilter
from core.returns.expiring import find_overdue
from core.stores.places import GeoPoint
from core.supply.replenishing.watching import settle
from core.work import Work
from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing.brands import build_world
from tenants import NewTenant, Tenant, create
from tests.databases import plain
from tests.performance import hot_messages
from tests.performance.apart import *  # noqa: F403 - fixtures, named in its __all__
from tests.performance.bulk import CENTRE, Bulk, fill
from tests.performance.plans import Connection, Statement, conditions, problems

pytestmark = pytest.mark.anyio

Hot: TypeAlias = Callable[[Work, Bulk], Awaitable[object]]

SMALL = 25
INSIDE = GeoPoint(CENTRE.latitude + 0.05, CENTRE.longitude + 0.05)
PAGE = 21


def _page(sort: Sort, **wanted: Any) -> Hot:
    return lambda work, _: catalog.page(work, Listing(sort=sort, **wanted), PAGE)


def _after(sort: Sort, key: object) -> Hot:
    """The second page; None stands for the id itself."""

    def ask(work: Work, bulk: Bulk) -> Awaitable[object]:
        last = bulk.products[1500]
        return catalog.page(work, Listing(sort=sort, after=(last if key is None else key, last)), PAGE)

    return ask


async def _returnable(work: Work, bulk: Bulk) -> object:
    """What can be returned of orders that are complete."""
    rows = [row for row in await orders.visible(work, bulk.orders[:PAGE]) if row is not None]
    for row in rows:
        row.status = "COMPLETED"
    [lines, *_] = await orders.lines_of(work, bulk.orders[:1])
    return await returns.returnable(work, {row.id: row for row in rows}, lines)


def _in_stores(permission: Permission, ask: Hot) -> Hot:
    """Asked by somebody whose permission reaches two stores."""

    def asked(work: Work, bulk: Bulk) -> Awaitable[object]:
        work.actor = Actor(ActorKind.STAFF, bulk.orders[0], grants={permission.name: frozenset(bulk.stores[1:3])})
        return ask(work, bulk)

    return asked


HOT: dict[str, Hot] = {
    "newest products": _page(Sort.NEWEST),
    "newest products, next page": _after(Sort.NEWEST, None),
    "products by name": _page(Sort.NAME),
    "products by name, next page": _after(Sort.NAME, "Product 2"),
    "cheapest products": _page(Sort.PRICE_LOW),
    "cheapest products, next page": _after(Sort.PRICE_LOW, 300),
    "dearest products": _page(Sort.PRICE_HIGH),
    "dearest products, next page": _after(Sort.PRICE_HIGH, 300),
    "a search": _page(Sort.RELEVANCE, search="word7"),
    "a search of two words": _page(Sort.RELEVANCE, search="word7 brand7"),
    "a search by price": _page(Sort.PRICE_LOW, search="brand7"),
    "a product by slug": lambda work, _: catalog.product_by_slug(work, "p17"),
    "products by id": lambda work, bulk: catalog.products_by_ids(work, bulk.products[:PAGE]),
    "variants of products": lambda work, bulk: catalog.variants_of(work, bulk.products[:PAGE]),
    "variants by id": lambda work, bulk: catalog.variants_by_ids(work, bulk.variants),
    "a variant by code": lambda work, _: catalog.variant_by_sku(work, "SKU-p17"),
    "variants by barcode": lambda work, _: catalog.variants_by_barcodes(work, ["EAN-p17", "EAN-p18"]),
    "goods by barcode at stores": lambda work, bulk: look_up(
        work, {(bulk.stores[0], "EAN-p17"), (bulk.stores[1], "EAN-p18"), (bulk.stores[2], "2100034003423")}
    ),
    "placements": lambda work, bulk: catalog.placements(work, bulk.stores[0], bulk.variants),
    "prices at a store": lambda work, bulk: pricing.prices(work, bulk.stores[0], bulk.variants),
    "prices of the brand": lambda work, bulk: pricing.prices(work, None, bulk.variants),
    "stock at a store": lambda work, bulk: inventory.at_location(work, bulk.stores[0], bulk.variants),
    "stock everywhere": lambda work, bulk: inventory.everywhere(work, bulk.variants),
    "stock everywhere, up to a number": lambda work, bulk: inventory.up_to(work, bulk.variants, 99),
    "stock that may be low": lambda work, bulk: settle(
        work, [(bulk.stores[0], variant) for variant in bulk.variants], clock.now()
    ),
    "stock around": lambda work, bulk: inventory.available(work, bulk.stores[:100], bulk.variants[:10]),
    "what is offered around": lambda work, bulk: inventory.offered(work, bulk.stores[:100], bulk.variants[:10]),
    "what bundles are made of": lambda work, bulk: catalog.components_of(work, bulk.bundles),
    "bundles at a store": lambda work, bulk: inventory.at_location(work, bulk.stores[0], bulk.bundles),
    "bundles everywhere": lambda work, bulk: inventory.everywhere(work, bulk.bundles),
    "bundles everywhere, up to a number": lambda work, bulk: inventory.up_to(work, bulk.bundles, 99),
    "bundles offered around": lambda work, bulk: inventory.offered(work, bulk.stores[:100], bulk.bundles[:10]),
    "bundles by barcode": lambda work, bulk: look_up(work, {(bulk.stores[0], "BOX-p17")}),
    "what sold bundles were made of": lambda work, bulk: orders.parts_of(work, bulk.lines),
    "stores around the corner": lambda work, _: stores.near(work, INSIDE, 1_000),
    "stores that deliver": lambda work, bulk: stores.delivering_to(work, INSIDE, bulk.stores[:100]),
    "stores by id": lambda work, bulk: stores.by_ids(work, bulk.stores[:10]),
    "a store by code": lambda work, _: stores.by_code(work, "S17"),
    "a cart with its lines": lambda work, bulk: carts.by_ids(work, bulk.carts[:1]),
    "an order": lambda work, bulk: orders.visible(work, bulk.orders[:1]),
    "an order by number": lambda work, _: orders.visible_by_number(work, "N17"),
    "lines of orders": lambda work, bulk: orders.lines_of(work, bulk.orders[:PAGE]),
    "timelines of orders": lambda work, bulk: orders.timeline_of(work, bulk.orders[:PAGE]),
    "orders of stores": _in_stores(orders.READ, lambda work, _: orders.page(work, Filter(), PAGE)),
    "orders of a store": lambda work, bulk: orders.page(work, Filter(store_id=bulk.stores[1]), PAGE),
    "orders that a store had": _in_stores(orders.READ, lambda work, bulk: orders.visible(work, bulk.orders[:PAGE])),
    "how many orders slots have": lambda work, bulk: slots.hold(work, [(bulk.stores[0], "PICKUP", clock.now())]),
    "slots that are over": lambda work, _: slots.forget_slots(work),
    "parts that were not accepted in time": lambda work, _: find_lapsed(work),
    "deliveries that nobody confirms": lambda work, _: find_unconfirmed(work),
    "returns whose goods do not come": lambda work, _: find_overdue(work),
    "returns of orders": lambda work, bulk: returns.of_orders(work, bulk.orders[:PAGE]),
    "returns by id": lambda work, bulk: returns.visible(work, bulk.returns[:PAGE]),
    "lines of returns": lambda work, bulk: returns.lines_of(work, bulk.returns[:PAGE]),
    "returns of stores": _in_stores(returns.READ, lambda work, _: returns.page(work, ReturnFilter(), PAGE)),
    "returns of stores, next page": _in_stores(
        returns.READ, lambda work, bulk: returns.page(work, ReturnFilter(after=bulk.returns[900]), PAGE)
    ),
    "what can be returned": _returnable,
    "categories of goods": lambda work, bulk: work.fetch(CATEGORY_OF, bulk.variants),
    "members": _in_stores(members.READ, lambda work, bulk: members.visible(work, bulk.members[:PAGE])),
    "members of stores": _in_stores(members.READ, lambda work, _: members.page(work, after=None, limit=PAGE)),
    "members of stores, next page": _in_stores(
        members.READ, lambda work, bulk: members.page(work, after=bulk.members[1500], limit=PAGE)
    ),
    "a member by phone": lambda work, _: members.by_phone(work, "+8613800000001"),
    "the log of stores": _in_stores(audit.READ, lambda work, _: audit.page(work, Search(), PAGE)),
    "the log of a thing": _in_stores(
        audit.READ, lambda work, bulk: audit.page(work, Search(subject=("Order", bulk.orders[7])), PAGE)
    ),
    "a cart to be ordered": lambda work, bulk: carts.lock(work, bulk.carts[:1]),
    "a key that is known": lambda work, bulk: idempotency.recall(
        work, [Request("orderPlace", f"guest:{bulk.orders[0]}", "k", None)]
    ),
    "stock to be reserved": lambda work, bulk: inventory.reserve(
        work, [Demand(bulk.orders[0], bulk.stores[0], dict.fromkeys(bulk.variants[:3], 1))]
    ),
    "reservations to be released": lambda work, bulk: inventory.release(work, bulk.orders[20:40]),
    "rules that are still the same": lambda work, _: rulebook.renew(work),
    "a rule's history": lambda work, _: rulebook.history(work, rulebook.Search("key 7"), PAGE),
    "versions that gave the values": lambda work, _: rulebook.by_versions(work, range(100, 130)),
    "deliveries that are due": lambda work, _: outbox.due(work, ["x"]),
    "events that are long over": lambda work, _: dead_letters.forget_told(work),
    "dead letters": lambda work, _: dead_letters.page(work, dead_letters.Search(), None, PAGE),
    "what there is to do": lambda work, _: outbox.waiting(work, ["x"]),
    "what sign-in leaves": lambda work, _: forget_ended(work),
    "sessions by a provider": lambda work, bulk: end_begun_by(work, bulk.members[8]),
    "codes of apps that are over": lambda work, _: forget_codes(work),
    "keys that are over": lambda work, _: idempotency.forget_keys(work),
    "events that are new": lambda work, _: outbox.expand(work, {}),
    **hot_messages.HOT,
}


@pytest.fixture(scope="module")
async def brands(application: Application, databases: Databases) -> tuple[Tenant, Bulk]:
    """Two large brands, of which the second is asked, among small ones."""
    made = []
    application.platform.first_plugins -= {"group_buy"}  # its tables are empty here: its own tests look at them
    for _ in range(SMALL):
        await build_world(application.platform)
    for slug in ("bulk-one", "bulk-two"):
        wanted = NewTenant(slug, slug, f"owner@{slug}.example")
        tenant = await create(application.platform, wanted, system("test"))
        async with application.platform.open_work(tenant, system("test")) as work:
            made.append((tenant, await fill(work)))
    owner: Connection = await asyncpg.connect(plain(databases.owner))
    await owner.execute("ANALYZE")
    await owner.close()
    return made[1]


@pytest.fixture
async def runtime(databases: Databases, brands: tuple[Tenant, Bulk]) -> AsyncIterator[Connection]:
    """The role of requests, bound to the brand."""
    connection: Connection = await asyncpg.connect(plain(databases.app))
    await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{brands[0].id}'")
    yield connection
    await connection.close()


async def _statements(application: Application, brands: tuple[Tenant, Bulk], ask: Hot) -> list[Statement]:
    """What is sent to answer a question."""
    sent: list[Statement] = []
    tenant, bulk = brands
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "value", "execute"):
            patch.setattr(Work, name, _noting(sent, getattr(Work, name)))
        try:
            async with application.platform.open_work(tenant, system("test")) as work:
                await ask(work, bulk)
                raise LookupError
        except LookupError:  # what was asked is undone
            return sent


def _noting(sent: list[Statement], original: Any) -> Any:
    async def run(self: Work, sql: str, *arguments: Any) -> Any:
        sent.append((sql, (self.tenant_id, *arguments)))
        return await original(self, sql, *arguments)

    return run


@pytest.mark.parametrize("name", HOT)
async def test_a_hot_statement_is_answered_by_an_index(
    application: Application, brands: tuple[Tenant, Bulk], runtime: Connection, name: str
) -> None:
    sent = await _statements(application, brands, HOT[name])
    assert sent
    for statement in sent:
        for mode in ("force_custom_plan", "force_generic_plan"):
            assert await problems(runtime, statement, mode) == [], (mode, statement[0])


@pytest.mark.parametrize("sweep", [(EXPIRED, (SWEEP,)), (OVERDUE, ())], ids=["EXPIRED", "OVERDUE"])
async def test_a_sweep_asks_the_index_for_what_is_due_and_walks_past_nothing_else(
    brands: tuple[Tenant, Bulk], runtime: Connection, sweep: Statement
) -> None:
    sql, arguments = sweep
    for mode in ("force_custom_plan", "force_generic_plan"):
        asked = await conditions(runtime, (sql, (brands[0].id, *arguments)), mode)
        assert [one for one in asked if "reserved_until" in one], asked
        inlined = sql.replace("(SELECT app_now())", "app_now()")
        asked = await conditions(runtime, (inlined, (brands[0].id, *arguments)), mode)
        assert not [one for one in asked if "reserved_until" in one], (
            "the bare call reaches it as well: say it so again"
        )


@pytest.mark.parametrize(
    "condition", ["p.description = 'x'", "p.name LIKE 'Product 17%'", "lower(p.slug) = 'p17'", "p.rating > 4"]
)
async def test_a_statement_without_an_index_would_be_noticed(
    brands: tuple[Tenant, Bulk], runtime: Connection, condition: str
) -> None:
    sql = f"SELECT p.id FROM product p WHERE p.tenant_id = $1 AND {condition} ORDER BY p.rating LIMIT 20"
    for mode in ("force_custom_plan", "force_generic_plan"):
        assert await problems(runtime, (sql, (brands[0].id,)), mode) != []
