"""A shop with WeChat Pay at a simulator: what a shopper, the staff and WeChat do there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from core import callbacks
from core.actors import ANONYMOUS, system
from hexmart.app import Application
from hexmart.simulators.wechat_pay import Enrolled, Mood, Trade, Wechat
from hexmart.simulators.wechat_pay.notifying import Notice, Teller
from hexmart.simulators.wechat_pay.signing import Signer
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.shop import fill_carts, order_id_of, place_all

NAME = "wechat_pay"
ORDER = "order { status payments { status } refunds { status amount { amount } } }"
READ = f"query($id: ID!) {{ {ORDER.replace('order {', 'order(id: $id) {', 1)} }}"
NOTICES = "SELECT verdict FROM payment_notice WHERE tenant_id = $1 ORDER BY id"
Run = Callable[[], Awaitable[None]]
CODE = "130000000000000001"  #: that a shopper shows


@dataclass(frozen=True)
class Simulator:
    """One for the whole run, with two merchants."""

    wechat: Wechat
    teller: Teller
    url: str
    merchants: Sequence[Enrolled]

    def reset(self) -> None:
        """As if it had just been started."""
        self.wechat.mood = Mood()
        self.wechat.asked.clear()


class Counter:
    """One brand at it."""

    def __init__(self, application: Application, world: World, simulator: Simulator, run: Run) -> None:
        self.application = application
        self.world = world
        self.simulator = simulator
        self.client = Client(application, world.tenant.slug)
        self._run = run

    @property
    def platform(self) -> Platform:
        return self.application.platform

    @property
    def wechat(self) -> Wechat:
        return self.simulator.wechat

    async def place(self, store: str = "S1") -> str:
        """An order of one bottle of milk, 15.90."""
        [order] = await place_all(
            self.platform, self.world, await fill_carts(self.platform, self.world, 1, store=store)
        )
        return order_id_of(order)

    async def start(self, order: str, key: str = "p", by: Client | None = None, **details: str) -> dict[str, Any]:
        """Begin to pay; by the mini-program unless a code is told."""
        wish = {
            "orderId": order,
            "provider": NAME,
            "idempotencyKey": key,
            "details": details or {"openId": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        }
        return await (by or self.client).do("paymentStart", wish, f"clientParameters payment {{ id status }} {ORDER}")

    async def begin(self, store: str = "S1") -> tuple[str, Trade]:
        """An order that waits for its shopper, and the trade at WeChat."""
        order = await self.place(store)
        begun = await self.start(order)
        assert begun["userErrors"] == [], begun
        return order, list(self.wechat.trades.values())[-1]

    async def stands(self, order: str) -> tuple[str, list[str], list[str]]:
        """The status of an order, of its payments and its refunds."""
        found = (await self.client.run(READ, id=order))["order"]
        return (
            found["status"],
            [one["status"] for one in found["payments"]],
            [one["status"] for one in found["refunds"]],
        )

    async def cancel(self, order: str) -> None:
        await self.client.do("orderCancel", {"orderId": order, "reason": "no", "idempotencyKey": "c"}, "order { id }")

    async def settle(self, times: int = 1) -> None:
        """Whatever is due, and what comes of that."""
        for _ in range(times):
            await self._run()

    async def tell(
        self, notice: Notice, *, signer: Signer | None = None, body: bytes | None = None, **headers: str
    ) -> int:
        """Have WeChat, or somebody, tell; with other headers where they are named. The status of the answer."""
        sent = notice.body() if body is None else body
        made = (signer or self.wechat.signer).headers(sent) | {"Content-Type": "application/json"}
        made |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.post(notice.url, sent, {name: value for name, value in made.items() if value})

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        async with connected(self.application) as http:
            return (await http.post(url, content=body, headers=headers)).status_code

    async def verdicts(self) -> list[str | None]:
        """What became of what was heard."""
        async with self.platform.open_work(self.world.tenant, system("test"), read_only=True) as work:
            return [row["verdict"] for row in await work.fetch(NOTICES)]

    async def address(self, enrolled: Enrolled) -> str:
        """Where the merchant is told things."""
        account = f"{enrolled.merchant.mchid}/{enrolled.merchant.app_id}"
        async with self.platform.open_work(self.world.tenant, ANONYMOUS) as work:
            found: UUID = await callbacks.endpoint(work, NAME, "notify", subject=account)
            return callbacks.url(work, NAME, found)

    async def heard(self, count: int) -> None:
        """Wait until so many notices have been written down."""
        for _ in range(200):
            if len(await self.verdicts()) >= count:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"fewer than {count} notices have come")


def connected(application: Application) -> httpx.AsyncClient:
    """A client that reaches the application without a network."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://localhost")
