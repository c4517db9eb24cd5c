"""PostgreSQL is killed under load: what was acknowledged is there, what was not is answered by asking again."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from time import monotonic

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from core import ledger
from core.database import lending
from core.ledger import Transfer
from hexmart import embedded
from hexmart.app import Application, create_app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from tenants import Platform
from tests.databases import plain
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.journal import Journal
from tests.faults.mortal import Death, Mortal, is_killed_whole, stops_at_once
from tests.faults.random_postings import Poster
from tests.faults.shop import fill_carts, stock_up
from tests.ledgers import ACTOR, join

pytestmark = pytest.mark.anyio
DEATHS: dict[Death, int] = {is_killed_whole: 1, stops_at_once: 2}  #: how often in a test; `make proof` multiplies
# what is committed stays in memory until something else has it written
FORGETFUL = ("synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'")

PATIENCE = 60.0  #: seconds until everything is answered, on a machine that is busy with other tests
THERE = "SELECT count(*) FROM ledger_transaction WHERE tenant_id = $1 AND id = any($2::uuid[])"


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    home = Path(tempfile.mkdtemp(prefix="hexmart-mortal-"))
    with embedded.running(home):
        yield Mortal(home)
    embedded.erase(home)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
async def owner(mortal: Mortal) -> str:
    """The URL of its database, migrated."""
    url = embedded.join(mortal.home)
    assert url is not None
    await migrate(url)
    return url


@pytest.fixture
async def doomed(owner: str, settings: Settings) -> AsyncIterator[Application]:
    """The application over a server that will be killed."""
    made = create_app(Databases.of(owner, settings), settings, with_worker=False)
    yield made
    await made.platform.close()


async def _crowded(application: Application) -> tuple[World, Client, Journal]:
    """A brand and shoppers, every connection of the pool open."""
    world = await build_world(application.platform)
    await stock_up(application.platform, world, 1_000)
    carts = await fill_carts(application.platform, world, 100 * SCALE)
    engine = application.platform.app
    lent = [await engine.connect() for _ in range(engine.pool.size())]  # type: ignore[attr-defined]
    for connection in lent:
        await connection.close()
    return world, Client(application, world.tenant.slug), Journal(carts)


async def _under_load(mortal: Mortal, client: Client, journal: Journal, deaths: Sequence[Death]) -> list[float]:
    """Kill the server while everybody shops: seconds without an order, each time."""
    over, silences = asyncio.Event(), []
    shopping = asyncio.create_task(journal.shop(client.send, over))
    for how in deaths:
        await journal.goes_on(20)
        dying = monotonic()
        await mortal.die(how)
        back = monotonic()
        await journal.goes_on(20)
        assert journal.failed_between(back, monotonic()) == 0
        silences.append(journal.silence(dying))
    over.set()
    await shopping
    return silences


@pytest.mark.parametrize("how", DEATHS, ids=lambda how: how.__name__)
async def test_no_acknowledged_order_is_lost_and_no_request_fails_once_it_is_back(
    mortal: Mortal, doomed: Application, how: Death
) -> None:
    world, client, journal = await _crowded(doomed)
    silences = await _under_load(mortal, client, journal, [how] * (DEATHS[how] * SCALE))
    lost = await journal.lost(doomed.platform, world)
    seconds = ", ".join(f"{silence:.1f}" for silence in silences)
    print(f"C9/C10: PostgreSQL {how.__name__}: {journal}, silent for {seconds} s: orders lost={len(lost)}")  # noqa: T201
    assert lost == []
    await journal.settle(client.send, doomed.platform, world)
    assert not await audit(doomed.platform, world.tenant)


async def test_without_a_second_look_at_dead_connections_requests_would_fail_after_it_is_back(
    mortal: Mortal, doomed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client, journal = await _crowded(doomed)
    await mortal.die(stops_at_once)
    monkeypatch.setattr(lending, "LOST", ())
    assert not await journal.ask(client.send, journal.carts[0])


@pytest.fixture
async def forgetful(owner: str) -> AsyncIterator[None]:
    """The server does not write what it has said is committed; afterwards it does again."""
    await _told(owner, *(f"ALTER SYSTEM SET {setting}" for setting in FORGETFUL))
    yield
    await _told(owner, "ALTER SYSTEM RESET ALL")


async def _told(owner: str, *settings: str) -> None:
    connection = await asyncpg.connect(plain(owner))
    for one in (*settings, "SELECT pg_reload_conf()"):
        await connection.execute(one)
    await connection.close()


@pytest.mark.usefixtures("forgetful")
async def test_without_durable_commits_acknowledged_orders_would_be_lost(mortal: Mortal, doomed: Application) -> None:
    world, client, journal = await _crowded(doomed)
    await doomed.platform.app.dispose()
    assert all([await journal.ask(client.send, cart) for cart in journal.carts[:10]])
    await mortal.die(is_killed_whole)
    assert await journal.lost(doomed.platform, world)


async def _post(platform: Platform, world: World, poster: Poster, transfers: Sequence[Transfer]) -> bool:
    """Whether somebody has said what became of these transfers."""
    try:
        async with platform.open_work(world.tenant, ACTOR) as work:
            answers = await ledger.post(work, transfers)
    except (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return False
    poster.heard(answers)
    return True


async def _post_until(platform: Platform, world: World, poster: Poster, over: asyncio.Event) -> None:
    while not over.is_set():
        transfers = poster.several()
        if not await _post(platform, world, poster, transfers):
            poster.unknown.append(transfers)
            await asyncio.sleep(0.05)


async def _ask_again(platform: Platform, world: World, poster: Poster, transfers: Sequence[Transfer]) -> None:
    """As somebody does who must know: until it is answered."""
    while not await _post(platform, world, poster, transfers):  # noqa: ASYNC110 - PostgreSQL says when
        await asyncio.sleep(0.1)


async def test_no_acknowledged_posting_is_lost_and_asked_again_none_is_made_twice(
    mortal: Mortal, doomed: Application
) -> None:
    platform, world = doomed.platform, await build_world(doomed.platform)
    members = await join(platform, world, 20)
    posters, over = [Poster(members, seed) for seed in range(4)], asyncio.Event()
    posting = [asyncio.create_task(_post_until(platform, world, one, over)) for one in posters]
    for _ in range(2 * SCALE):
        await asyncio.sleep(1)
        await mortal.die(is_killed_whole)
    await asyncio.sleep(1)
    over.set()
    await asyncio.gather(*posting)
    unknown = [(one, transfers) for one in posters for transfers in one.unknown]
    assert unknown, "nobody was cut off"
    async with asyncio.timeout(PATIENCE):
        for one in unknown:
            await _ask_again(platform, world, *one)
    acknowledged = [key for one in posters for key in one.acknowledged]
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        there = await work.value(THERE, acknowledged)
    found = await audit(platform, world.tenant)
    print(  # noqa: T201 - the figures are wanted
        f"L4: PostgreSQL is_killed_whole x {2 * SCALE}: acknowledged={len(acknowledged)} asked again={len(unknown)} "
        f"lost={len(set(acknowledged)) - there} drift={len(found)}"
    )
    assert there == len(set(acknowledged))
    assert not found
