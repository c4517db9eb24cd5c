"""A brand that has sold in every way there is, and a connection of the owner's to plant faults on."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from core import clock, orders, payments, tills, transfers
from core.actors import ANONYMOUS, system
from core.ids import new_id
from core.payments import RefundWish
from core.supply import purchasing
from core.supply.purchasing import Arrival, ArrivalLine, Draft, DraftLine, SupplierDraft
from core.tills import Told, ToldLine
from core.transfers import NewTransfer
from core.work import Work
from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tests.bundling import add_bundle
from tests.core.books.bringing import bring, bring_back, keep_accounts, pay_with_points
from tests.core.books.planting import Bench
from tests.databases import plain
from tests.faults.audit import audit
from tests.faults.shop import MILK, fill_carts, place_all


@pytest.fixture(scope="module")
async def sold(application: Application) -> World:
    """The brand with orders that wait for their money, of a bundle too, one that is paid, one paid back in part, one
    cancelled; it has moved goods and bought some, had some brought, and keeps accounts."""
    platform, world = application.platform, await build_world(application.platform)
    await add_bundle(platform, world, "BOX", {MILK: 1, "MILK-2L": 2})
    await place_all(platform, world, await fill_carts(platform, world, 1, {"BOX": 2}))
    carts = await fill_carts(platform, world, 4, {MILK: 2, "BREAD": 1})
    _, paid, partly, over = await place_all(platform, world, carts)
    for order in (paid, partly):
        await payments.start(platform.works(world.tenant, ANONYMOUS), order, "sandbox", f"pay-{order}")
    async with platform.open_work(world.tenant, system("test")) as work:
        line = (await orders.lines_of(work, [partly]))[0][0]
        await payments.refund(work, RefundWish(partly, "soured", "back", quantities={line.id: 1}))
        await payments.cancel_order(work, over, reason="changed my mind", key="over")
        await _move(work, world)
        await _buy(work, world)
        await _tell_of_too_many(work, world)
    await bring(application, world)
    await bring_back(application, world)
    await keep_accounts(application, world)
    await pay_with_points(application, world)
    assert await audit(platform, world.tenant) == {}
    return world


async def _move(work: Work, world: World) -> None:
    """Of what went to another store some was lost, and more is on its way."""
    goods, ends = world.variant_keys[MILK], (world.store_keys["S1"], world.store_keys["S2"])
    arrived, _ = [await _sent(work, NewTransfer(*ends, {goods: 3})) for _ in range(2)]
    await transfers.receive(work, arrived, {goods: 2})


async def _sent(work: Work, wanted: NewTransfer) -> UUID:
    key = await transfers.create(work, wanted)
    await transfers.send(work, key)
    return key


async def _buy(work: Work, world: World) -> None:
    """Of what was ordered from a supplier some has come, not all of it well."""
    goods, store, order = world.variant_keys[MILK], world.store_keys["S1"], new_id()
    supplier = await purchasing.add_supplier(work, SupplierDraft("Dairy"))
    await purchasing.create(work, Draft(supplier, store, [DraftLine(goods, 10, 100)]), order)
    await purchasing.submit(work, order)
    await purchasing.receive(work, Arrival([ArrivalLine(goods, 4, 1)], purchase_order_id=order), new_id())


async def _tell_of_too_many(work: Work, world: World) -> None:
    """A till has sold more than the books had there."""
    line = ToldLine("6900000000010", 500, Decimal("15.90"))
    await tills.record_sale(work, world.store_keys["S3"], Told("R-1", clock.now(), [line], Decimal("7950.00")))


@pytest.fixture
async def bench(application: Application, sold: World, databases: Databases) -> AsyncIterator[Bench]:
    """Its rows, as far as a test makes them wrong; nothing of it stays."""
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(application.platform, sold.tenant, connection)
    await connection.close()
