"""People of two brands hang up at any moment, two connections serve them: all or nothing, nobody's but theirs."""

import asyncio
import random
from collections.abc import Sequence
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from hexmart.app import Application
from hexmart.testing import Client, World
from tenants.batches import Batches
from tests.databases import plain
from tests.faults.audit import audit
from tests.faults.crowd import PLACE, SCALE
from tests.faults.journal import Journal
from tests.faults.shop import books, cart_id_of, fill_carts, order_id_of, place_all, stock_up
from tests.tenants.pooled import CLEAN, POOL, states

pytestmark = pytest.mark.anyio
AT_ONCE = 12  #: requests under way
PATIENCE = 60  #: seconds that those stay who do not hang up
CREATE = """
mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id store { id } } userErrors { code } } }
"""
PAY = """
mutation($input: PaymentStartInput!) { paymentStart(input: $input) { order { id store { id } } userErrors { code } } }
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = 'hexmart_app' AND state LIKE 'idle in transaction%'
"""
Wish = tuple[str, dict[str, Any]]


class Brand:
    """One of the two: who comes there, and what they wish."""

    def __init__(self, application: Application, world: World, carts: Sequence[UUID], orders: Sequence[UUID]) -> None:
        self.world, self.carts, self.orders = world, carts, orders
        self.client = Client(application, world.tenant.slug)
        self.answered = self.left = 0

    @classmethod
    async def of(cls, application: Application, world: World, count: int) -> "Brand":
        await stock_up(application.platform, world, 3 * count)
        carts = await fill_carts(application.platform, world, 2 * count)
        return cls(application, world, carts[count:], await place_all(application.platform, world, carts[:count]))

    def wishes(self) -> list[Wish]:
        line = [{"variantId": self.world.variants["BREAD"], "quantity": 1}]
        create = CREATE, {"storeId": self.world.stores["S2"], "lines": line}
        placing = [(PLACE, {"cartId": cart_id_of(key), "idempotencyKey": "k"}) for key in self.carts]
        paying = [
            (PAY, {"orderId": order_id_of(key), "provider": "sandbox", "idempotencyKey": "p"}) for key in self.orders
        ]
        return [*placing, *paying, *([create] * len(self.carts))]

    async def come(self, wish: Wish, stay: float) -> None:
        """Wish for something, and hang up after so many seconds."""
        asking = asyncio.create_task(self.client.send(wish[0], input=wish[1]))
        await asyncio.wait([asking], timeout=stay)
        self.left += asking.cancel()
        answer = (await asyncio.gather(asking, return_exceptions=True))[0]
        if not isinstance(answer, BaseException):
            self.answered += 1
            self.check(answer)

    def check(self, answer: dict[str, Any]) -> None:
        """What is told is the brand's own."""
        [payload] = answer["data"].values()
        for node in (payload.get("cart"), payload.get("order")):
            if node is not None and "store" in node:
                assert node["store"]["id"] in self.world.stores.values()


async def _everybody_hangs_up(brands: Sequence[Brand]) -> float:
    """In turns at the brands; returns how long a few take who stay, which is how long the others stay at most."""
    wishes = [(brand, wish) for brand in brands for wish in brand.wishes()]
    random.shuffle(wishes)
    begun = monotonic()
    await asyncio.gather(*(brand.come(wish, PATIENCE) for brand, wish in wishes[:AT_ONCE]))
    whole, door = monotonic() - begun, asyncio.Semaphore(AT_ONCE)

    async def come(brand: Brand, wish: Wish) -> None:
        async with door:
            await brand.come(wish, random.uniform(0, whole))

    await asyncio.gather(*(come(brand, wish) for brand, wish in wishes[AT_ONCE:]))
    return whole


async def _quiet(application: Application) -> None:
    """What nobody waits for any more is carried out all the same, or is not; then nothing is left of it."""
    checkouts = application.platform.checkouts
    for queues in (checkouts._reading, checkouts._taking):
        await queues.close()
        assert _left_in(queues) == []


def _left_in(queues: Batches[Any, Any]) -> list[object]:
    return [one for one in (queues._queues, queues._ready, queues._waiting, queues._turns, queues._lanes) if one]


async def test_who_hangs_up_leaves_no_transaction_no_tenant_and_no_half_a_wish(
    narrow: Application, world: World, other_world: World, database_url: str
) -> None:
    brands = [await Brand.of(narrow, one, 25 * SCALE) for one in (world, other_world)]
    longest = await _everybody_hangs_up(brands)
    await _quiet(narrow)
    assert await states(narrow.platform) == [CLEAN] * POOL
    server = await asyncpg.connect(plain(database_url))
    assert await server.fetchval(WAITING) == 0
    await server.close()
    print(  # noqa: T201 - the figure is wanted
        f"C12: {sum(len(brand.wishes()) for brand in brands)} requests at two brands over {POOL} connections: "
        f"hung up within {longest:.2f} s={sum(brand.left for brand in brands)}, idle in transaction=0"
    )
    assert all(brand.left and brand.answered for brand in brands)
    for brand in brands:
        await _all_or_nothing(narrow, brand)


async def _all_or_nothing(application: Application, brand: Brand) -> None:
    """Whoever asks once more, by the same key, gets what was wished for, once."""
    assert not await audit(application.platform, brand.world.tenant)
    await Journal(brand.carts).settle(brand.client.send, application.platform, brand.world)
    for query, wish in brand.wishes():
        if query == PAY:
            paid = (await brand.client.send(query, input=wish))["data"]["paymentStart"]
            assert not paid["userErrors"]
    many = len(brand.carts) + len(brand.orders)
    found = await books(application.platform, brand.world)
    assert (found.held, found.orders) == (many, many)
    assert not await audit(application.platform, brand.world.tenant)
