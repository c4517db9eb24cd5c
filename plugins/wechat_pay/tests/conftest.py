"""A simulator that the whole run shares, and a brand at it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from hexmart.app import Application
from hexmart.simulators.wechat_pay import Wechat, create_app, enrol, settings_of
from hexmart.simulators.wechat_pay.notifying import Teller
from hexmart.testing import Enable, World
from hexmart.testing.loopback import served
from plugins.wechat_pay.tests.counter import NAME, Counter, Simulator, connected


@pytest.fixture(scope="session")
async def simulator(application: Application) -> AsyncIterator[Simulator]:
    """On a port of this machine; what it tells reaches the application without a network."""
    wechat = Wechat()
    teller = Teller(wechat, lambda: connected(application), haste=1000)
    merchants = [enrol(wechat), enrol(wechat)]
    async with served(create_app(wechat, teller)) as url:
        yield Simulator(wechat, teller, url, merchants)
        await teller.close()


@pytest.fixture
async def counter(
    application: Application,
    world: World,
    simulator: Simulator,
    enable: Enable,
    run_worker: Callable[[], Awaitable[None]],
) -> Counter:
    """A brand whose money the first merchant takes."""
    simulator.reset()
    wechat = simulator.wechat
    await enable(NAME, settings_of(simulator.url, [wechat.signer], simulator.merchants[0]))
    return Counter(application, world, simulator, run_worker)
