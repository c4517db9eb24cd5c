"""Trusted documents: registered whole, kept as they are, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from core import clock
from core.actors import system
from hexmart.assembly import assemble
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import Platform, documents
from tenants.errors import DocumentChanged
from tenants.listener import Listener
from tenants.registry import CHANNEL

pytestmark = pytest.mark.anyio

MILK, BREAD = '{ product(slug: "milk") { name } }', '{ product(slug: "bread") { name } }'

WAITING = """
SELECT count(*) FROM pg_locks l WHERE NOT l.granted AND l.pid IN (
    SELECT h.pid FROM pg_locks h WHERE h.relation = $2::text::regclass AND $1::bigint > 0
)
"""


@pytest.fixture
async def elsewhere(databases: Databases, settings: Settings) -> AsyncIterator[Platform]:
    """What another process holds, which hears what this one says."""
    platform = assemble(databases, settings)
    registry = platform.registry
    listener = Listener(platform.platform, {CHANNEL: registry.forget}, registry.clear)
    listening = asyncio.create_task(listener.run())
    await listener.listening.wait()
    yield platform
    listening.cancel()
    await platform.close()


async def ids(platform: Platform, world: World) -> list[str]:
    return [one.id for one in await documents.listing(platform, world.tenant)]


async def test_a_document_is_read_by_its_id(platform: Platform, world: World) -> None:
    assert await documents.register(platform, world.tenant, {"m": MILK, "b": BREAD}) == 2
    assert await documents.read(platform, world.tenant, "m") == MILK
    assert await documents.read(platform, world.tenant, "b") == BREAD
    assert await documents.read(platform, world.tenant, "M") is None


async def test_a_brands_documents_are_not_another_brands(platform: Platform, world: World, other_world: World) -> None:
    await documents.register(platform, world.tenant, {"m": MILK})
    assert await documents.read(platform, world.tenant, "m") == MILK
    assert await documents.read(platform, other_world.tenant, "m") is None
    assert await ids(platform, other_world) == []
    assert await documents.withdraw(platform, other_world.tenant, ["m"]) == frozenset()
    assert await documents.register(platform, other_world.tenant, {"m": BREAD}) == 1
    assert await documents.read(platform, other_world.tenant, "m") == BREAD
    assert await documents.read(platform, world.tenant, "m") == MILK


async def test_registering_again_changes_nothing(platform: Platform, world: World) -> None:
    await documents.register(platform, world.tenant, {"m": MILK})
    before = await documents.listing(platform, world.tenant)
    assert await documents.register(platform, world.tenant, {"m": MILK, "b": BREAD}) == 1
    after = await documents.listing(platform, world.tenant)
    assert after[:1] == before
    assert {one.id: one.document for one in after} == {"m": MILK, "b": BREAD}
    assert await documents.register(platform, world.tenant, {}) == 0


async def test_a_document_never_changes_under_its_id(platform: Platform, world: World) -> None:
    await documents.register(platform, world.tenant, {"m": MILK})
    with pytest.raises(DocumentChanged, match=r"^m is registered with another text"):
        await documents.register(platform, world.tenant, {"b": BREAD, "m": BREAD})
    assert await ids(platform, world) == ["m"], "all or nothing"
    assert await documents.read(platform, world.tenant, "m") == MILK


async def test_the_database_itself_lets_no_document_change(platform: Platform, world: World) -> None:
    await documents.register(platform, world.tenant, {"m": MILK})
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with platform.open_work(world.tenant, system("test")) as work:
            await work.execute("UPDATE trusted_document SET document = $2 WHERE tenant_id = $1", BREAD)


async def test_of_two_who_give_an_id_different_texts_one_is_refused(platform: Platform, world: World) -> None:
    wishes = [{"m": MILK, "b": BREAD}, {"b": BREAD, "m": BREAD}]
    attempts = [documents.register(platform, world.tenant, wish) for wish in wishes]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DocumentChanged", "int"]
    assert sorted(await ids(platform, world)) == ["b", "m"]


async def test_two_who_register_the_same_in_another_order_do_not_wait_in_a_circle(
    platform: Platform, world: World
) -> None:
    forwards = dict.fromkeys(("a", "m", "z"), MILK)
    backwards = dict(reversed(forwards.items()))
    async with platform.open_work(world.tenant, system("test")) as work:
        # until this ends both wait: each with what it has registered before "m"
        await work.execute(documents.REGISTER, ["m"], [MILK])
        both = [asyncio.create_task(documents.register(platform, world.tenant, one)) for one in (forwards, backwards)]
        async with asyncio.timeout(5):
            while await work.value(WAITING, "trusted_document") < 2:  # noqa: ASYNC110 - PostgreSQL does not tell
                await asyncio.sleep(0.01)
        await work.execute("DELETE FROM trusted_document WHERE tenant_id = $1 AND id = $2", "m")
    assert sorted(await asyncio.gather(*both)) == [0, 3]


async def test_a_document_is_remembered_and_its_absence_is_not(platform: Platform, world: World) -> None:
    assert await documents.read(platform, world.tenant, "m") is None
    await documents.register(platform, world.tenant, {"m": MILK})
    assert await documents.read(platform, world.tenant, "m") == MILK
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("DELETE FROM trusted_document WHERE tenant_id = $1")
    assert await documents.read(platform, world.tenant, "m") == MILK


async def test_what_is_withdrawn_is_gone_in_every_process(
    platform: Platform, elsewhere: Platform, world: World
) -> None:
    await documents.register(platform, world.tenant, {"m": MILK, "b": BREAD})
    for process in (platform, elsewhere):
        assert await documents.read(process, world.tenant, "m") == MILK
    assert await documents.withdraw(platform, world.tenant, ["m", "nothing"]) == {"m"}
    assert await documents.read(platform, world.tenant, "m") is None
    async with asyncio.timeout(5):
        while await documents.read(elsewhere, world.tenant, "m") is not None:  # noqa: ASYNC110 - nothing says it was heard
            await asyncio.sleep(0.01)
    assert await ids(platform, world) == ["b"]


async def test_whether_only_these_are_trusted_is_known_in_every_process(
    platform: Platform, elsewhere: Platform, world: World, other_world: World
) -> None:
    slug = world.tenant.slug
    assert [(await one.registry.by_slug(slug)).trusted_only for one in (platform, elsewhere)] == [False, False]
    for wanted in (True, False):
        assert (await documents.trust_only(platform, world.tenant, wanted)).trusted_only is wanted
        async with asyncio.timeout(5):
            while (await elsewhere.registry.by_slug(slug)).trusted_only is not wanted:  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.01)
        assert not (await elsewhere.registry.by_slug(other_world.tenant.slug)).trusted_only


async def test_a_document_says_when_it_was_registered(platform: Platform, world: World) -> None:
    before = clock.now()
    await documents.register(platform, world.tenant, {"m": MILK})
    (found,) = await documents.listing(platform, world.tenant)
    assert abs((found.registered_at - before).total_seconds()) < 5
