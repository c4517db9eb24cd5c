"""Requests of two brands, reads and writes, cut off at any moment, on as few connections as there can be."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from hexmart.testing import Client
from tests.faults.shop import cart_id_of, fill_carts
from tests.security.attack.answers import Answer, Canaries
from tests.security.attack.furnishing import TEA
from tests.security.attack.sides import Side

AT_ONCE = 24  #: requests under way
PRODUCTS = "{ products { totalCount nodes { id name variants { sku stock { available } } } } stores { totalCount } }"
VIEWER = "{ viewer { ... on Member { id phone orders { totalCount nodes { number store { name } } } } } }"
ORDERS = "{ orders { totalCount nodes { number note store { name } lines { variant { name } } } } }"
PLACE = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id number } userErrors { code } } }"
PAY = "mutation($input: PaymentStartInput!) { paymentStart(input: $input) { order { id } userErrors { code } } }"
CANCEL = "mutation($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } userErrors { code } } }"
FILL = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id store { name } } } }"
ADJUST = "mutation($input: StockAdjustInput!) { stockAdjust(input: $input) { stock { onHand } userErrors { code } } }"


@dataclass(frozen=True, slots=True)
class Request:
    """Something one brand is asked to do or show; where it has a key, once only."""

    side: Side
    caller: Client
    document: str
    input: Mapping[str, Any] | None = None

    async def send(self) -> Answer:
        variables = {} if self.input is None else {"input": self.input}
        return Answer(await self.caller.send(self.document, **variables), "", ())


@dataclass
class Storm:
    """What has become of the requests."""

    canaries: Mapping[str, Canaries]  #: by a side's mark, what belongs to the other
    cut: int = 0
    through: int = 0
    foreign: list[str] = field(default_factory=list)
    faults: list[object] = field(default_factory=list)
    checkouts: Counter[str] = field(default_factory=Counter)  #: how connections were when they were lent
    tenant_left: int = 0
    kept: list[Request] = field(default_factory=list)  #: those with a key

    def __str__(self) -> str:
        return (
            f"requests={self.cut + self.through} cut={self.cut} through={self.through} foreign={len(self.foreign)} "
            f"open={self.checkouts['open']} tenant_left={self.tenant_left}"
        )

    def look_at(self, engine: AsyncEngine) -> None:
        """See how each connection is when it is lent, before anybody else has a look."""

        def lent(connection: Any, *_: object) -> None:
            driver = connection.driver_connection
            self.checkouts["open" if driver is not None and driver.is_in_transaction() else "clean"] += 1

        event.listen(engine.sync_engine, "checkout", lent, insert=True)

    async def rage(self, requests: Sequence[Request], check: Callable[[], Awaitable[int]]) -> None:
        """Send requests, some at once, and cut each off at a moment of its own, or not at all."""
        await self._measured(requests[:AT_ONCE])  # the first of their kind take longer
        whole = await self._measured(requests[AT_ONCE : 2 * AT_ONCE])
        for first in range(2 * AT_ONCE, len(requests), AT_ONCE):
            some = requests[first : first + AT_ONCE]
            before = self.through
            await asyncio.gather(*(self._cut_off(one, random.uniform(0, whole)) for one in some))
            whole *= 0.9 if self.through - before > len(some) / 2 else 1.1  # the machine has other things to do as well
            self.tenant_left += await check()

    async def _measured(self, requests: Sequence[Request]) -> float:
        """How long a round takes here and now, so that about half of the next get through."""
        begun = time.perf_counter()
        for one, answer in zip(requests, await asyncio.gather(*(one.send() for one in requests)), strict=True):
            self._take(one, answer)
        return time.perf_counter() - begun

    async def _cut_off(self, request: Request, after: float) -> None:
        task = asyncio.create_task(request.send())
        await asyncio.wait([task], timeout=after)
        task.cancel()
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(outcome, asyncio.CancelledError):
            self.cut += 1
            self._keep(request)
        elif isinstance(outcome, BaseException):
            self.faults.append(outcome)
        else:
            self._take(request, outcome)

    def _take(self, request: Request, answer: Answer) -> None:
        self.through += 1
        self._keep(request)
        self.foreign += self.canaries[request.side.mark].in_answer(answer)
        if answer.response.get("errors"):
            self.faults.append(answer.response)

    def _keep(self, request: Request) -> None:
        if request.input is not None and "idempotencyKey" in request.input:
            self.kept.append(request)


async def requests_of(side: Side, number: int) -> list[Request]:
    """So many requests of a brand: it is browsed, its shelves are counted, it sells and is paid."""
    platform, guest, owner = side.callers["guest"].application.platform, side.callers["guest"], side.callers["owner"]
    carts = [cart_id_of(key) for key in await fill_carts(platform, side.world, number // 12, {TEA: 1})]
    orders = [await _ordered(guest, cart) for cart in carts[: number // 24]]
    reads = [(guest, PRODUCTS), (side.callers["member"], VIEWER), (owner, ORDERS)]
    asked = [Request(side, *random.choice(reads)) for _ in range(number // 2)]
    asked += [Request(side, guest, PLACE, {"cartId": cart, "idempotencyKey": "once"}) for cart in carts]
    asked += [Request(side, guest, PAY, _payment(order)) for order in orders[::2] * 3]
    asked += [Request(side, guest, CANCEL, {"orderId": order, "idempotencyKey": "once"}) for order in orders[1::2] * 3]
    asked += [Request(side, guest, FILL, _filled(side)) for _ in range(number // 12)]
    asked += [Request(side, owner, ADJUST, _adjustment(side, key)) for key in range(number - len(asked))]
    return random.sample(asked, len(asked))


async def _ordered(guest: Client, cart: str) -> str:
    placed = await guest.run(PLACE, input={"cartId": cart, "idempotencyKey": "once"})
    return str(placed["orderPlace"]["order"]["id"])


def _payment(order: str) -> dict[str, Any]:
    return {"orderId": order, "provider": "sandbox", "idempotencyKey": "once"}


def _filled(side: Side) -> dict[str, Any]:
    return {"storeId": side.store_id, "lines": [{"variantId": side.world.variants[TEA], "quantity": 1}]}


def _adjustment(side: Side, key: int) -> dict[str, Any]:
    place = {"locationId": side.world.stores["S2"], "variantId": side.world.variants[TEA]}
    return place | {"delta": 1, "reason": "found", "idempotencyKey": f"adjustment {key}"}
