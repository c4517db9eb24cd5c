"""What shoppers were told, as they have written it down themselves, held against what the shop has."""

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

import httpx

from core.actors import system
from hexmart.testing import World
from tenants import Platform
from tests.faults.crowd import PLACE
from tests.faults.shop import cart_id_of, order_id_of
from tests.hexmart.faults import UNTOLD

Send = Callable[..., Awaitable[dict[str, Any]]]  #: a query and its variables; raises where no answer comes
ORDERS = "SELECT cart_id, id FROM sales_order WHERE tenant_id = $1 AND cart_id = any($2::uuid[])"
UNANSWERED = (httpx.HTTPError, OSError)
AT_ONCE = 32  #: shoppers who ask once more
PATIENCE = 120  #: seconds, on a machine that is busy with other tests
PAUSE = 0.01  #: seconds before a shopper who was told nothing asks again


@dataclass
class Journal:
    """A shopper for each cart, who has one key for it and asks until there is an answer."""

    carts: Sequence[UUID]
    told: dict[UUID, str] = field(default_factory=dict)  #: the order of each cart whose shopper was told of one
    unknown: set[UUID] = field(default_factory=set)  #: carts whose shopper was at some time told nothing certain
    answers: list[tuple[float, float, bool]] = field(default_factory=list)  #: begun, ended, whether with an order

    async def ask(self, send: Send, cart: UUID) -> bool:
        """Order a cart by its key; says whether its order was told."""
        begun = monotonic()
        try:
            answer = await send(PLACE, input={"cartId": cart_id_of(cart), "idempotencyKey": "k"})
        except UNANSWERED:
            answer = {"errors": []}
        order = self._order_in(answer)
        self.answers.append((begun, monotonic(), order is not None))
        if order is None:
            self.unknown.add(cart)
            return False
        assert self.told.setdefault(cart, order) == order, "one key, two orders"
        return True

    def _order_in(self, answer: dict[str, Any]) -> str | None:
        if "errors" in answer:
            said = json.dumps(answer)
            assert not [word for word in UNTOLD if word in said], said
            return None
        placed: dict[str, Any] = answer["data"]["orderPlace"]
        assert {error["code"] for error in placed["userErrors"]} <= {"BUSY"}, placed
        return str(placed["order"]["id"]) if placed["order"] else None

    async def shop(self, send: Send, over: asyncio.Event, *, at_once: int = 16) -> None:
        """Ask for every cart, and when all have been asked for begin anew, until it is over."""
        turns = itertools.cycle(self.carts)

        async def one() -> None:
            while not over.is_set():
                if not await self.ask(send, next(turns)):
                    await asyncio.sleep(PAUSE)

        await asyncio.gather(*(one() for _ in range(at_once)))

    async def goes_on(self, orders: int) -> None:
        """Wait until so many more requests were answered with an order."""
        async with asyncio.timeout(PATIENCE):
            wanted = self.well + orders
            while self.well < wanted:  # noqa: ASYNC110 - whoever is answered sets no event
                await asyncio.sleep(0.005)

    @property
    def well(self) -> int:
        """Requests that were answered with an order."""
        return sum(well for _, _, well in self.answers)

    async def lost(self, platform: Platform, world: World) -> list[UUID]:
        """Carts whose shopper was told of an order that is not there."""
        found = await _orders(platform, world, self.carts)
        return [cart for cart, order in self.told.items() if order not in found[cart]]

    async def settle(self, send: Send, platform: Platform, world: World) -> None:
        """Have everybody ask once more: each cart is one order, which is the one that was told."""
        door = asyncio.Semaphore(AT_ONCE)

        async def ask(cart: UUID) -> bool:
            async with door:
                return await self.ask(send, cart)

        assert all(await asyncio.gather(*(ask(cart) for cart in self.carts)))
        found = await _orders(platform, world, self.carts)
        assert found == {cart: [self.told[cart]] for cart in self.carts}

    def failed_between(self, begin: float, end: float) -> int:
        """Requests that began in this time and were told nothing."""
        return sum(not well for begun, _, well in self.answers if begin < begun < end)

    def silence(self, since: float) -> float:
        """Seconds from a moment to the next order that was told."""
        return min((ended for begun, ended, well in self.answers if well and begun > since), default=since) - since

    def __str__(self) -> str:
        return f"{len(self.carts)} carts, {len(self.answers)} requests, {len(self.unknown)} once without an answer"


async def _orders(platform: Platform, world: World, carts: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        for row in await work.fetch(ORDERS, list(carts)):
            found[row["cart_id"]].append(order_id_of(row["id"]))
    return found
