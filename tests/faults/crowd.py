"""A crowd that buys through the API all at once."""

import asyncio
import itertools
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.orders import OrderRow, PlaceRequest
from hexmart.testing import Client
from tenants import Platform, Tenant
from tenants.batches import Bounds
from tenants.checkouts import Checkouts
from tests.faults.shop import cart_id_of

SCALE = int(os.environ.get("HEXMART_PROOF_SCALE", "1"))  #: how many times as large `make proof` makes a crowd
AT_ONCE = 500  #: requests under way; more of them wait at the door

PLACE = """
mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } userErrors { code path
  ... on StockShortage { lines { wanted available variant { sku } alternatives { store { code } } } } } } }
"""


@dataclass
class Crowd:
    """What became of everybody."""

    orders: list[str] = field(default_factory=list)
    short: list[dict[str, Any]] = field(default_factory=list)  #: refusals OUT_OF_STOCK
    other: list[object] = field(default_factory=list)
    seconds: float = 0

    def __str__(self) -> str:
        per_second = len(self.orders + self.short) / self.seconds
        return (
            f"orders={len(self.orders)} refused={len(self.short)} other={len(self.other)} "
            f"in {self.seconds:.2f} s: {len(self.orders) / self.seconds:.0f} orders/s, {per_second:.0f} answers/s"
        )

    def take(self, response: dict[str, Any]) -> None:
        """Sort an answer to where it belongs."""
        payload = (response.get("data") or {}).get("orderPlace")
        if response.get("errors") or payload is None:
            self.other.append(response)
        elif payload["order"] is not None:
            self.orders.append(payload["order"]["id"])
        elif [refusal["code"] for refusal in payload["userErrors"]] == ["OUT_OF_STOCK"]:
            self.short.append(payload["userErrors"][0])
        else:
            self.other.append(payload)


class Several:
    """Checkouts as several processes have them: each with queues of its own, none knows of the others."""

    def __init__(self, platform: Platform, processes: int) -> None:
        self._all = [Checkouts(platform.open_work, Bounds(most=4, patience=60)) for _ in range(processes)]
        self._turns = itertools.cycle(self._all)

    async def place(self, tenant: Tenant, request: PlaceRequest, *, language: str) -> OrderRow | UUID:
        """By the next of them."""
        return await next(self._turns).place(tenant, request, language=language)


async def rush(client: Client, carts: Sequence[UUID]) -> Crowd:
    """Everybody orders the own cart at the same moment."""
    crowd, door = Crowd(), asyncio.Semaphore(AT_ONCE)

    async def buy(cart: UUID) -> None:
        async with door:
            crowd.take(await client.send(PLACE, input={"cartId": cart_id_of(cart), "idempotencyKey": "k"}))

    begun = time.perf_counter()
    await asyncio.gather(*(buy(cart) for cart in carts))
    crowd.seconds = time.perf_counter() - begun
    return crowd
