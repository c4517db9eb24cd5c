"""What the tests of the surface start from."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock, inventory
from core.actors import system
from hexmart.testing import Client, World
from hexmart.testing.openid import Provider, running
from tenants import Platform
from tests.schema.moving import MILK, stock
from tests.schema.openid_visits import configure
from tests.schema.returning import Counter
from tests.schema.shop import Payload, done, fill
from tests.schema.staffing import Staffing

Shelf = Callable[..., Awaitable[tuple[int, int]]]
Number = Callable[[str], Awaitable[int]]

BUSINESS = [
    *("cart", "cart_line", "sales_order", "sales_order_line", "order_event", "fulfilment", "fulfilment_line"),
    *("stock", "stock_movement", "reservation", "payment", "refund", "refund_line", "verification_code"),
    *("member", "staff", "refresh_token", "outbox", "idempotency_key"),
]
DIGEST = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE t.tenant_id = $1"


@pytest.fixture
def shelf(platform: Platform, world: World) -> Shelf:
    """On hand and reserved of a variant at a store, as the books have it."""

    async def look(sku: str = "MILK-1L", store: str = "S1") -> tuple[int, int]:
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            row = (await inventory.at_location(work, world.store_keys[store], [world.variant_keys[sku]]))[0]
        return row.on_hand, row.reserved

    return look


@pytest.fixture
def number_of(platform: Platform, world: World) -> Number:
    """How many rows the brand has in a table."""

    async def count(table: str) -> int:
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            return int(await work.value(f"SELECT count(*) FROM {table} WHERE tenant_id = $1"))

    return count


@pytest.fixture
def staffing(platform: Platform, world: World) -> Staffing:
    """The brand's people, their mail and the log of what they did."""
    return Staffing(platform, world)


@pytest.fixture
async def counter(platform: Platform, world: World, client: Client) -> Counter:
    """The counter, with whoever decides about returns behind it."""
    made = Counter(platform, world, client, client, client)
    await made.sign_in()
    return made


@pytest.fixture
async def owner(client: Client, world: World) -> Client:
    """Who may do everything."""
    return await client.staff(world.email("owner"))


@pytest.fixture
async def provider(owner: Client, world: World) -> AsyncIterator[Provider]:
    """The brand's OpenID provider, at which its manager is signed in."""
    async with running() as found:
        await configure(owner, found)
        found.email = world.email("manager")
        yield found


@pytest.fixture
async def manager(client: Client, world: World) -> Client:
    """Who may do everything in every store."""
    return await client.staff(world.email("manager"))


@pytest.fixture
async def clerk(client: Client, world: World) -> Client:
    """Who carries orders out in every store."""
    return await client.staff(world.email("clerk"))


@pytest.fixture
async def clerk_of_s1(client: Client, world: World) -> Client:
    """Who carries orders out in one store."""
    return await client.staff(world.email("clerk.s1"))


@pytest.fixture
async def member(client: Client) -> Client:
    """A signed-in shopper."""
    return await client.member("13800000001")


@pytest.fixture
async def at_night(move_clock: Callable[[timedelta], Awaitable[None]]) -> None:
    """Three in the morning in Shanghai: S3 opens for a minute at nine."""
    now = clock.now().astimezone(ZoneInfo("Asia/Shanghai"))
    await move_clock(now.replace(hour=3, minute=0) + timedelta(days=1) - now)


@pytest.fixture
async def unchanged(platform: Platform, world: World) -> AsyncIterator[None]:
    """See to it that the test leaves every row of the brand's business as it was."""

    async def everything() -> dict[str, str | None]:
        async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
            return {table: await work.value(DIGEST.format(table=table)) for table in BUSINESS}

    before = await everything()
    yield
    assert await everything() == before


@pytest.fixture
async def waiting(platform: Platform, client: Client, world: World) -> Payload:
    """An order for 10 of which 7 are in S2."""
    cart = await fill(client, world, {MILK: 10})
    await stock(platform, world, world.store_keys["S1"], {MILK: 3})
    wish = {"cartId": cart["id"], "idempotencyKey": "1", "acceptTransfer": True}
    return done(await client.do("orderPlace", wish, "order { id }"), "order")
