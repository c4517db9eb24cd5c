"""A payment provider that fails takes no money twice, and loses no order: it is named, and may be asked again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import ModuleType

import pytest

from core.actors import system
from core.extensions import Plugin, asking, watching
from core.hooks import hookimpl
from core.notices import Letter, Notice, NoticeRequested
from core.notices.service import deliver, send
from core.payments.provider import Charge, Refunded, RefundOrder, Started
from hexmart.testing import Client, World
from hexmart.testing.plugins import with_plugins
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.shop import ORDER, done, fill, place, refusal

pytestmark = pytest.mark.anyio

NAME = "till_pay"
Behaviour = Callable[[Charge], Awaitable[object]]


async def raises(_: Charge) -> object:
    raise ConnectionError("no route to the provider")


async def hangs(_: Charge) -> object:
    return await asyncio.get_running_loop().create_future()


async def holds_the_process(_: Charge) -> object:
    time.sleep(60)  # noqa: ASYNC251 - which is what it does wrong
    return None


async def talks_nonsense(_: Charge) -> object:
    return {"captured": True}


WRONG = {raises: "ConnectionError", hangs: "TimeoutError", holds_the_process: "Stuck", talks_nonsense: "Nonsense"}


class Provider:
    """Fails until it is mended."""

    name = NAME

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.mended = False
        self.charged: list[Charge] = []

    async def start(self, charge: Charge) -> Started:
        if not self.mended:
            return await self.behave(charge)  # type: ignore[return-value]  # which is what it does wrong
        self.charged.append(charge)
        return Started(captured=True, reference=f"{NAME}-{charge.payment_id}")

    async def refund(self, refund: RefundOrder) -> Refunded:
        return Refunded(succeeded=True, reference=str(refund.refund_id))


def bringing(provider: Provider) -> ModuleType:
    """The plugin that brings it."""
    module = ModuleType(f"{NAME}.plugin")
    plugin = Plugin(name=NAME, version="1.0.0", plugin_api=">=1.0,<2", summary="A way to be paid.")
    vars(module).update(PLUGIN=plugin, payment_provider=hookimpl(lambda: provider))
    return module


@pytest.mark.parametrize(("behave", "kind"), WRONG.items(), ids=lambda one: getattr(one, "__name__", None))
async def test_a_provider_that_fails_is_named_and_the_order_can_be_paid_once_it_is_mended(
    client: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch, behave: Behaviour, kind: str
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    monkeypatch.setattr(watching, "LONGEST_STEP", 0.1)
    provider = Provider(behave)
    async with with_plugins(platform, world.tenant, {NAME: bringing(provider)}):
        order = await place(client, await fill(client, world))
        asked = {"orderId": order["id"], "provider": NAME, "idempotencyKey": "p"}
        assert refusal(await client.do("paymentStart", asked, ORDER)) == ("PLUGIN_FAILED", [])
        latest = platform.breakers.condition(world.tenant.id, NAME).latest
        assert latest is not None
        assert (latest.hook, latest.kind) == ("payment_provider", kind)
        provider.mended = True
        paid = done(await client.do("paymentStart", asked, ORDER), "order")
        assert (paid["status"], len(provider.charged)) == ("PAID", 1)
        assert await audit(platform, world.tenant) == {}


async def test_a_channel_that_fails_keeps_a_notice_from_no_other(world: World, platform: Platform) -> None:
    heard: list[str] = []

    class Channel:
        def __init__(self, name: str) -> None:
            self.name = name

        async def deliver(self, letter: Letter) -> None:
            if self.name == "dead_line":
                raise ConnectionError
            heard.append(letter.template)

    def bringing_channel(name: str) -> ModuleType:
        module = ModuleType(f"{name}.plugin")
        plugin = Plugin(name=name, version="1.0.0", plugin_api=">=1.0,<2", summary="A way to reach people.")
        vars(module).update(PLUGIN=plugin, notice_channel=hookimpl(lambda: Channel(name)))
        return module

    names = ("dead_line", "good_line")
    async with with_plugins(platform, world.tenant, {name: bringing_channel(name) for name in names}) as tenant:
        works = platform.works(tenant, system("test"))
        async with works() as work:
            await send(work, Notice("orders.ready", "+8613800000001", {}))
            [event] = work._emitted
        assert isinstance(event, NoticeRequested)
        with pytest.raises(ConnectionError):
            await deliver(works, event)
    assert heard == ["orders.ready"]
