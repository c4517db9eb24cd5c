"""A rule that is set holds here at once, in every other process soon, and never for longer than it is one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest

from core import clock, rulebook
from core.pricing import PricingRules
from core.rulebook import Wanted
from core.rules import Place
from core.stores.models import Store
from hexmart.app import Application, background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tenants import Platform, documents
from tests.schema.hiring import ACTOR
from tests.schema.ruling import FEE, region_of, ruled
from tests.schema.shop import ADDRESS, CART, PHONE, Payload, done, fill, place
from tests.waiting import until

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
PATIENCE = 10.0  #: seconds, on a busy machine; who is not told would never know
NAMES = "{ products { nodes { name } } }"
LIST = """query($store: ID) { rules(storeId: $store) { key value setBy { author { name } store { code } }
  upcoming { version } } }"""
LIST_HISTORY = """query($store: ID) { ruleHistory(storeId: $store, first: 20) { totalCount nodes {
  version author { name } store { code } region { name } } } }"""


@pytest.fixture
async def there(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Another process, which hears what this one writes."""
    made = create_app(databases, settings, with_worker=False)
    async with background(made.platform, None, settings):
        await until(made.platform.changes.hearing)
        yield made
    await made.platform.close()


@pytest.fixture
async def deaf(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Another process, which hears nothing."""
    made = create_app(databases, settings, with_worker=False)
    yield made
    await made.platform.close()


async def fee_at(platform: Platform, world: World, store: str | None = None) -> int:
    """What a new Work of a process goes by."""
    tenant = await platform.registry.by_slug(world.tenant.slug)
    async with platform.open_work(tenant, ACTOR, read_only=True) as work:
        return work.rules(PricingRules, world.store_keys[store] if store else None).delivery_fee


async def decide(platform: Platform, world: World, value: int | None, place: Place = Place()) -> None:  # noqa: B008 - a tuple
    async with platform.open_work(world.tenant, ACTOR) as work:
        await rulebook.decide(work, Wanted(key=FEE, value=value, place=place))


async def soon(claim: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so in another process."""
    async with asyncio.timeout(PATIENCE):
        while not await claim():  # noqa: ASYNC110 - the other process sets no event for us
            await asyncio.sleep(0.002)


async def test_every_process_knows_soon_and_this_one_at_once(
    platform: Platform, there: Application, world: World
) -> None:
    assert await fee_at(there.platform, world) == 600
    for value in (500, 400, 300):
        await decide(platform, world, value)
        assert await fee_at(platform, world) == value
        await soon(partial(_is, there.platform, world, value))


async def _is(platform: Platform, world: World, fee: int, store: str | None = None) -> bool:
    return await fee_at(platform, world, store) == fee


async def test_a_store_that_moves_to_another_region_takes_that_ones_values(
    platform: Platform, there: Application, world: World
) -> None:
    await region_of(platform, world, "S1")
    async with platform.open_work(world.tenant, ACTOR) as work:
        key = (await work.session.get_one(Store, (world.tenant.id, world.store_keys["S1"]))).region_id
    await decide(platform, world, 100, Place(region_id=key))
    assert [await fee_at(platform, world, code) for code in ("S1", "S2")] == [100, 600]
    async with platform.open_work(world.tenant, ACTOR) as work:
        (await work.session.get_one(Store, (world.tenant.id, world.store_keys["S2"]))).region_id = key
    assert await fee_at(platform, world, "S2") == 100
    await soon(lambda: _is(there.platform, world, 100, "S2"))


async def test_who_has_not_heard_of_a_rule_sells_by_it_all_the_same(
    platform: Platform, deaf: Application, world: World
) -> None:
    """Drop `rulebook.renew` from placing, and this one sells at a fee that no longer is."""
    stranger = Client(deaf, world.tenant.slug)
    cart = await _delivered(stranger, world)
    assert cart["totals"]["delivery"]["amount"] == "6.00"
    await decide(platform, world, 1_000)
    assert await fee_at(deaf.platform, world) == 600, "it has not heard"
    order = await place(stranger, cart, contact={"name": "x", "phone": PHONE})
    assert order["totals"]["delivery"]["amount"] == "10.00"


async def test_prices_and_totals_of_an_order_are_of_one_book_however_rules_change_meanwhile(
    platform: Platform, deaf: Application, world: World
) -> None:
    """Orders placed while the fee goes to and fro pay the one fee or the other, never a mixture, never an older one."""
    stranger = Client(deaf, world.tenant.slug)
    carts = [await _delivered(stranger, world) for _ in range(6)]
    values = [100, 200] * 5

    async def change() -> None:
        for value in values:
            await decide(platform, world, value)

    changing = asyncio.create_task(change())
    orders = [await place(stranger, cart, contact={"name": "x", "phone": PHONE}) for cart in carts]
    await changing
    fees = {order["totals"]["delivery"]["amount"] for order in orders}
    assert fees <= {"6.00", "1.00", "2.00"}
    late = await place(stranger, await _delivered(stranger, world), contact={"name": "x", "phone": PHONE})
    assert late["totals"]["delivery"]["amount"] == "2.00"


async def _delivered(client: Client, world: World) -> Payload:
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS, "storeId": world.stores["S1"]}
    return done(await client.do("cartFulfilmentSet", asked, CART), "cart")


async def is_kept(guest: Client) -> bool:
    """Ask by a trusted document, and say whether the answer was one kept before."""
    hits = guest.application.answers.hits
    transport = httpx.ASGITransport(app=guest.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.get("/graphql?documentId=names", headers={"X-Tenant": guest.slug})
    assert answer.json()["data"]["products"]["nodes"]
    return guest.application.answers.hits > hits


@pytest.fixture
async def guest(there: Application, world: World) -> Client:
    """A guest of the other process, which keeps what it has answered; news of a new brand may arrive meanwhile."""
    await documents.register(there.platform, world.tenant, {"names": NAMES})
    guest = Client(there, world.tenant.slug)
    async with asyncio.timeout(10):
        while not await is_kept(guest):
            pass
    return guest


async def test_no_answer_is_kept_beyond_a_rule_that_it_may_show(
    platform: Platform, guest: Client, world: World
) -> None:
    await decide(guest.application.platform, world, 500)
    assert not await is_kept(guest), "here at once"
    assert await is_kept(guest)
    await decide(platform, world, 400)
    await soon(partial(_is_new, guest))
    assert await is_kept(guest)


async def _is_new(guest: Client) -> bool:
    return not await is_kept(guest)


async def test_no_answer_is_kept_beyond_the_moment_of_a_value_to_come(guest: Client, world: World) -> None:
    """Nobody writes anything at that moment, and nobody moves the clock: it is near."""
    here, moment = guest.application.platform, clock.now() + timedelta(seconds=1.5)
    async with here.open_work(world.tenant, ACTOR) as work:
        await rulebook.decide(work, Wanted(key=FEE, value=900, effective_from=moment))
    assert not await is_kept(guest)
    assert await is_kept(guest), "until then"
    asked = clock.now()
    while await is_kept(guest):
        assert asked < moment, "an old answer after its time"
        asked = clock.now()
    assert clock.now() >= moment
    assert await fee_at(here, world) == 900
    assert await is_kept(guest), "from then on"


async def test_reading_rules_costs_no_statement(platform: Platform, world: World) -> None:
    for code in world.stores:
        await decide(platform, world, 100, Place(store_id=world.store_keys[code]))
    tenant = await platform.registry.by_slug(world.tenant.slug)
    async with platform.open_work(tenant, ACTOR, read_only=True) as work:
        with listening() as sent:
            assert {work.rules(PricingRules, key).delivery_fee for key in world.store_keys.values()} == {100}
    assert sent == []


async def test_listing_and_setting_cost_the_same_however_many_there_are(
    platform: Platform, client: Client, world: World
) -> None:
    owner = await client.staff(world.email("owner"))
    await decide(platform, world, 1, Place(store_id=world.store_keys["S1"]))
    few = await _statements(owner, world)
    for number in range(40):
        await decide(platform, world, 100 + number, Place(store_id=world.store_keys["S1"]))
    assert await _statements(owner, world) == few


async def _statements(owner: Client, world: World) -> list[int]:
    await ruled(owner, FEE, 1)  # the snapshot is read again after it
    counts = []
    for asked in (LIST, LIST_HISTORY):
        await owner.run(asked, store=world.stores["S1"])
        with listening() as sent:
            await owner.run(asked, store=world.stores["S1"])
        counts.append(len(sent))
    with listening() as sent:
        await owner.do("ruleSet", {"key": FEE, "value": 2})
    return [*counts, len(sent)]
