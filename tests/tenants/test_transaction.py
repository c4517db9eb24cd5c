"""One transaction, one tenant: opened in one message, and gone whatever becomes of the request."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from core.actors import system
from core.ids import new_id
from core.orders import OrderPlaced
from core.stores.models import Region
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio

ACTOR = system("test")
REGIONS = "SELECT count(*) FROM region WHERE tenant_id = $1"
ADD_REGION = "INSERT INTO region (tenant_id, id, name) VALUES ($1, $2, $3)"
EVENTS = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = $2"


async def _regions(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return int(await work.value(REGIONS))


async def test_begin_and_tenant_travel_in_one_message(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    execute = asyncpg.Connection.execute

    async def spy(self: Any, query: str, *arguments: Any, **options: Any) -> str:
        sent.append(query)
        return await execute(self, query, *arguments, **options)

    monkeypatch.setattr(asyncpg.Connection, "execute", spy)
    for read_only, begin in ((False, "BEGIN"), (True, "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ")):
        sent.clear()
        async with platform.open_work(world.tenant, ACTOR, read_only=read_only) as work:
            assert await work.value("SELECT current_setting('app.tenant_id')::bigint = $1")
        assert sent == [f"{begin}; SET LOCAL app.tenant_id = '{world.tenant.id}'", "COMMIT"]


async def test_what_only_reads_sees_one_moment(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as reading:
        assert await reading.value(REGIONS) == 0
        async with platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(ADD_REGION, new_id(), "meanwhile")
            assert await work.value(REGIONS) == 1
        assert await reading.value(REGIONS) == 0
    assert await _regions(platform, world) == 1


async def test_a_work_whose_transaction_was_aborted_says_so(platform: Platform, world: World) -> None:
    async def go_on_after_an_error() -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await work.execute(ADD_REGION, new_id(), "lost")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await work.value("SELECT 1 / ($1::bigint - $1)")

    with pytest.raises(RuntimeError, match="the transaction ended in ROLLBACK"):
        await go_on_after_an_error()
    assert await _regions(platform, world) == 0


async def test_the_orm_and_raw_sql_share_one_transaction(platform: Platform, world: World) -> None:
    async def write_both_ways() -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            work.add(Region(id=new_id(), name="by the ORM"))
            await work.session.flush()
            await work.execute(ADD_REGION, new_id(), "by SQL")
            assert await work.value(REGIONS) == 2
            assert await work.session.scalar(text("SELECT count(*) FROM region")) == 2
            assert await _regions(platform, world) == 0  # nobody else sees either
            raise LookupError

    with pytest.raises(LookupError):
        await write_both_ways()
    assert await _regions(platform, world) == 0


async def test_what_the_orm_holds_is_written_at_the_commit(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(Region(id=new_id(), name="not flushed"))
    assert await _regions(platform, world) == 1


async def test_events_are_there_if_and_only_if_their_transaction_is(platform: Platform, world: World) -> None:
    async def place(*, fails: bool) -> None:
        async with platform.open_work(world.tenant, ACTOR) as work:
            work.emit(OrderPlaced(order_id=new_id(), store_id=world.store_keys["S1"], payable=1))
            if fails:
                raise LookupError

    async def told() -> int:
        async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
            return int(await work.value(EVENTS, OrderPlaced.name))

    with pytest.raises(LookupError):
        await place(fails=True)
    assert await told() == 0
    await place(fails=False)
    assert await told() == 1
