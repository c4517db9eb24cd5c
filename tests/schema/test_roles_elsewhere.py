"""What changes in one process is so in every other, at the next request or within a second."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from core import identity
from hexmart.app import Application, background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import (
    ACTOR,
    EVERYWHERE,
    JOIN_REGION,
    hire,
    region,
    region_id,
    region_of,
    signed_in,
    staff_id,
    store,
)
from tests.waiting import until

pytestmark = pytest.mark.anyio
PERMISSIONS = "{ viewer { ... on StaffUser { permissions } } }"
PATIENCE = 10.0  #: seconds, on a busy machine; without being told it would take a minute


@pytest.fixture
async def here(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    async for made in process(databases, settings):
        yield made


@pytest.fixture
async def there(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    async for made in process(databases, settings):
        yield made


async def process(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """A process that hears what others write, so that it remembers callers."""
    made = create_app(databases, settings, with_worker=False)
    async with background(made.platform, None, settings):
        await until(made.platform.changes.hearing)
        yield made
    await made.platform.close()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Whose standing was read from the database."""
    read, seen = identity.actor_of, list[UUID]()

    async def counted(work: Any, claims: identity.Claims) -> Any:
        seen.append(claims.id)
        return await read(work, claims)

    monkeypatch.setattr(identity, "actor_of", counted)
    return seen


async def may(staff: Client) -> set[str]:
    found: set[str] = set((await staff.run(PERMISSIONS))["viewer"]["permissions"])
    return found


async def soon(staff: Client, wanted: set[str]) -> float:
    """After how many seconds somebody may do just this."""
    began = time.monotonic()
    while await may(staff) != wanted:
        assert time.monotonic() - began < PATIENCE, await may(staff)
        await asyncio.sleep(0.005)
    return time.monotonic() - began


async def test_a_standing_is_remembered_until_it_changes_and_then_is_new_at_once(
    here: Application, world: World, platform: Platform, readings: list[UUID]
) -> None:
    guest = Client(here, world.tenant.slug)
    owner, person = await guest.staff(world.email("owner")), await hire(platform, world)
    somebody = await signed_in(guest, here.platform, world, person)
    north = await region_of(here.platform, world, "S1")
    for _ in range(3):
        assert await may(somebody) == set()
    assert readings.count(person) == 1
    steps: list[tuple[str, dict[str, Any], set[str]]] = [
        ("roleCreate", {"name": "packer", "label": "x", "permissions": ["orders.read"]}, set()),
        ("roleAssign", _given(person, "packer", storeIds=[world.stores["S1"]]), {"orders.read"}),
        ("roleUpdate", {"name": "packer", "permissions": ["stock.read"]}, {"stock.read"}),
        ("roleAssign", _given(person, "packer", regionIds=[region_id(north)]), {"stock.read"}),
        ("roleWithdraw", _given(person, "packer", storeIds=[world.stores["S1"]]), {"stock.read"}),
        ("roleWithdraw", _given(person, "packer", regionIds=[region_id(north)]), set()),
    ]
    for times, (change, wish, wanted) in enumerate(steps, start=2):
        assert (await owner.do(change, wish))["userErrors"] == []
        assert await may(somebody) == wanted
        assert await may(somebody) == wanted
        assert readings.count(person) == times, "once after each change"


async def test_what_is_refused_makes_nobody_forget(
    here: Application, world: World, platform: Platform, readings: list[UUID]
) -> None:
    guest = Client(here, world.tenant.slug)
    owner, person = await guest.staff(world.email("owner")), await hire(platform, world, clerk=store(world, "S1"))
    somebody = await signed_in(guest, here.platform, world, person)
    await may(somebody)
    refused = await owner.do("roleAssign", _given(person, "nobody", everywhere=True))
    assert refused["userErrors"]
    await may(somebody)
    assert readings.count(person) == 1


@pytest.mark.parametrize("doorbell", ["rings", "dies between the commit and the bell"])
async def test_another_process_hears_of_it_soon(
    here: Application,
    there: Application,
    world: World,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    doorbell: str,
) -> None:
    guest = Client(here, world.tenant.slug)
    owner, person = await guest.staff(world.email("owner")), await hire(platform, world)
    elsewhere = await signed_in(Client(there, world.tenant.slug), there.platform, world, person)
    if doorbell != "rings":
        monkeypatch.setattr(here.platform.changes, "wrote", die)
    took, reads = [], {f"{domain}.read" for domain in ("orders", "members", "points", "audit", "deliveries", "returns")}
    for change, wanted in (("roleAssign", {*reads, "payments.refund"}), ("roleWithdraw", set[str]())) * 3:
        await may(elsewhere)
        wish = _given(person, "finance", everywhere=True)
        assert (await owner.do(change, wish))["userErrors"] == []
        took.append(await soon(elsewhere, wanted))
    print(f"the doorbell {doorbell}: heard within {max(took) * 1e3:.0f} ms")  # noqa: T201 - the figure is wanted


async def test_without_the_transactions_own_word_a_death_would_leave_the_other_behind(
    here: Application, there: Application, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def say_nothing(_: object) -> bool:
        return True

    guest = Client(here, world.tenant.slug)
    owner, person = await guest.staff(world.email("owner")), await hire(platform, world, clerk=EVERYWHERE)
    elsewhere = await signed_in(Client(there, world.tenant.slug), there.platform, world, person)
    had = await may(elsewhere)
    monkeypatch.setattr(here.platform.changes, "wrote", die)
    monkeypatch.setattr(here.platform, "_announce", say_nothing)
    assert (await owner.do("roleWithdraw", _given(person, "clerk", everywhere=True)))["userErrors"] == []
    await asyncio.sleep(0.3)
    assert await may(elsewhere) == had != set()


async def test_a_store_that_joins_a_region_is_reached_elsewhere_too(
    here: Application, there: Application, world: World, platform: Platform
) -> None:
    north = await region_of(here.platform, world, "S1")
    person = await hire(platform, world, clerk=region(north))
    elsewhere = await signed_in(Client(there, world.tenant.slug), there.platform, world, person)
    ask = 'query($s: ID!) { whyDenied(permission: "orders.read", storeId: $s) { allowed } }'
    stock = "query($v: ID!, $s: ID!) { variant(id: $v) { stock(storeId: $s) { onHand } } }"
    here_is = {"v": world.variants["BREAD"], "s": world.stores["S2"]}

    async def sees() -> bool:
        return (await elsewhere.run(stock, **here_is))["variant"]["stock"]["onHand"] is not None

    assert not await sees()
    assert not (await elsewhere.run(ask, s=world.stores["S2"]))["whyDenied"]["allowed"]
    async with here.platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(JOIN_REGION, north, [world.store_keys["S2"]])
    began = time.monotonic()
    while not await sees():
        assert time.monotonic() - began < PATIENCE
        await asyncio.sleep(0.005)
    assert (await elsewhere.run(ask, s=world.stores["S2"]))["whyDenied"]["allowed"]


def die(*_: object, **__: object) -> None:
    """A process that dies after its commit tells nobody of it."""


def _given(person: UUID, role: str, **scope: object) -> dict[str, object]:
    return {"staffId": staff_id(person), "role": role} | scope
