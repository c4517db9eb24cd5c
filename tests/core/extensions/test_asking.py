"""A plugin that fails fails alone: the transaction goes on, the fault is named, and soon it is left alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from core.actors import system
from core.errors import LimitReached
from core.extensions import Breakers, PluginFailed, Strategy, Watched, ask, asking, watching
from core.extensions.breaker import FAULTS
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.core.extensions import strategies
from tests.core.extensions.strategies import Answer, one_of, strategy

pytestmark = pytest.mark.anyio

WRONG = {
    strategies.raises: "KeyError",
    strategies.hangs: "TimeoutError",
    strategies.holds_the_process: "Stuck",
    strategies.spins: "Stuck",
    strategies.talks_nonsense: "Nonsense",
    strategies.breaks_the_transaction: "DivisionByZeroError",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BUDGET", 0.2)
    monkeypatch.setattr(watching, "LONGEST_STEP", 0.1)


@pytest.fixture
async def work(platform: Platform, world: World) -> AsyncIterator[Work]:
    async with platform.open_work(world.tenant, system("test")) as opened:
        yield opened


@pytest.mark.parametrize(("wrong", "kind"), WRONG.items(), ids=lambda one: getattr(one, "__name__", None))
async def test_whatever_a_plugin_does_the_transaction_goes_on_and_the_fault_is_named(
    work: Work, wrong: Answer, kind: str
) -> None:
    breakers = Breakers()
    await work.execute("INSERT INTO turn (tenant_id, name) VALUES ($1, 'before')")
    with capture_logs() as logs:
        answer = await ask(work, breakers, strategy(wrong), one_of)
    assert isinstance(answer, PluginFailed)
    assert answer.plugin == "sample"
    assert [(log["plugin"], log["hook"], type(log["exc_info"]).__name__) for log in logs] == [
        ("sample", "decide", kind)
    ]
    assert await work.value("SELECT array_agg(name) FROM turn WHERE tenant_id = $1") == ["before"]
    latest = breakers.condition(work.tenant_id, "sample").latest
    assert latest is not None
    assert (latest.hook, latest.kind) == ("decide", kind)
    assert await ask(work, breakers, strategy(strategies.well), one_of) == ["well"]


async def test_a_refusal_is_an_answer_and_no_fault(work: Work) -> None:
    breakers = Breakers()
    for _ in range(FAULTS + 1):
        with pytest.raises(LimitReached):
            await ask(work, breakers, strategy(strategies.refuses), one_of)
    assert breakers.condition(work.tenant_id, "sample").faults == 0


async def test_what_ends_the_process_is_not_swallowed(work: Work) -> None:
    with pytest.raises(SystemExit):
        await ask(work, Breakers(), strategy(strategies.exits), one_of)


async def test_after_five_faults_it_is_left_alone_at_that_brand(work: Work, other_world: World) -> None:
    breakers, asked = Breakers(), 0

    async def failing(work: Work) -> object:
        nonlocal asked
        asked += 1
        raise KeyError

    for _ in range(FAULTS + 3):
        assert isinstance(await ask(work, breakers, strategy(failing), one_of), PluginFailed)
    assert asked == FAULTS
    assert breakers.condition(work.tenant_id, "sample").open
    assert breakers.admits(other_world.tenant.id, "sample")


async def test_cancelling_the_request_cancels_the_plugin_and_is_no_fault_of_it(work: Work) -> None:
    breakers, started = Breakers(), asyncio.Event()

    async def waiting(work: Work) -> object:
        started.set()
        return await asyncio.get_running_loop().create_future()

    asked = asyncio.create_task(ask(work, breakers, strategy(waiting), one_of))
    await started.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert breakers.condition(work.tenant_id, "sample").faults == 0


async def test_a_plugin_takes_the_arguments_that_it_names(work: Work) -> None:
    async def answer(code: str) -> object:
        return [code]

    asked = Strategy("sample", "decide", answer, ("code",))
    assert await ask(work, Breakers(), asked, one_of, basket=None, code="A") == ["A"]


async def test_what_is_watched_gives_and_raises_what_it_would_unwatched() -> None:
    async def passing(given: object) -> object:
        await asyncio.sleep(0)
        if isinstance(given, Exception):
            raise given
        return given

    assert await Watched(passing("this")) == "this"
    with pytest.raises(LookupError):
        await Watched(passing(LookupError()))
