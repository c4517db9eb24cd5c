"""Each wish is sent ten times at once, some of them changed, some by clients that hang up: it is fulfilled once."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from core import idempotency
from core.actors import system
from core.idempotency import Request
from core.work import Work
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import cart_id_of, fill_carts

pytestmark = pytest.mark.anyio

KEYS = 20 * SCALE
TIMES = 10
CHANGED = 2  #: of ten
AT_ONCE = 5  #: keys that are sent at the same time
HANG_UP = 0.3  #: of those who send
PATIENCE = 0.2  #: seconds, of those who hang up
Wish = dict[str, Any]

ADJUST = """mutation($input: StockAdjustInput!) { stockAdjust(input: $input) {
  stock { available } userErrors { code } } }"""
PLACE = "mutation($input: OrderPlaceInput!) { orderPlace(input: $input) { order { id } userErrors { code } } }"
PLACE_OTHERWISE = """mutation($input: OrderPlaceInput!) { orderPlace(input: $input) {
  order { id number status lines { quantity } } userErrors { code } } }"""


async def _count(platform: Platform, world: World, sql: str) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(sql))


async def _send_all(client: Client, query: str, wishes: list[tuple[Wish, Wish]]) -> list[list[dict[str, Any]]]:
    """What each wish was answered, by everybody who has not hung up; and then, once all is over, again."""
    answers: dict[int, list[dict[str, Any]]] = defaultdict(list)
    door = asyncio.Semaphore(AT_ONCE)

    async def send(number: int, wish: Wish) -> None:
        await asyncio.sleep(random.uniform(0, 0.1))
        async with asyncio.timeout(PATIENCE * random.random() if random.random() < HANG_UP else None):
            answers[number].append(await client.send(query, input=wish))

    async def send_or_hang_up(number: int, wish: Wish) -> None:
        with suppress(TimeoutError):
            await send(number, wish)

    async def send_ten(number: int, wish: Wish, changed: Wish) -> None:
        sends = [send_or_hang_up(number, changed if turn < CHANGED else wish) for turn in range(TIMES)]
        random.shuffle(sends)
        async with door:
            await asyncio.gather(*sends)

    await asyncio.gather(*(send_ten(number, *both) for number, both in enumerate(wishes)))
    for number, (wish, changed) in enumerate(wishes):
        answers[number] += [await client.send(query, input=one) for one in (wish, changed)]
    return [answers[number] for number in range(len(wishes))]


def _check(answers: list[list[dict[str, Any]]], name: str) -> None:
    """Of each wish one payload, the same for all who sent it as it was; the others are told that the key is taken."""
    for told in answers:
        codes = [one["errors"][0]["extensions"]["code"] for one in told if one.get("errors")]
        payloads = [one["data"][name] for one in told if not one.get("errors")]
        assert set(codes) == {"IDEMPOTENCY_KEY_REUSED"}
        assert payloads
        assert payloads == [payloads[0]] * len(payloads)
        assert payloads[0]["userErrors"] == []


async def _adjustments(client: Client, world: World) -> tuple[Client, list[tuple[Wish, Wish]]]:
    """Wishes for one unit more of different goods, or, changed, for two."""
    places = [(store, variant) for store in world.stores.values() for variant in world.variants.values()]
    made = []
    for number in range(KEYS):
        store, variant = places[number % len(places)]
        wish = {"locationId": store, "variantId": variant, "reason": "found", "idempotencyKey": f"k{number}"}
        made.append((wish | {"delta": 1}, wish | {"delta": 2}))
    return await client.staff(world.email("manager")), made


MOVEMENTS = "SELECT count(*) FROM stock_movement WHERE tenant_id = $1 AND reason = 'found'"


async def test_stock_is_adjusted_once_for_each_key(platform: Platform, client: Client, world: World) -> None:
    manager, wishes = await _adjustments(client, world)
    answers = await _send_all(manager, ADJUST.replace("stock { available } ", ""), wishes)
    _check(answers, "stockAdjust")
    effects = await _count(platform, world, MOVEMENTS)
    heard = sum(len(told) for told in answers)
    print(f"{KEYS} keys, {KEYS * TIMES} sends, {heard} answers: {effects} adjustments")  # noqa: T201 - the figure is wanted
    assert effects == KEYS
    assert not await audit(platform, world.tenant)


async def test_without_keys_stock_would_be_adjusted_as_often_as_it_was_sent(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def careless(_: Work, __: Request, new_id: UUID, perform: Callable[[UUID], Awaitable[None]]) -> UUID:
        await perform(new_id)
        return new_id

    monkeypatch.setattr(idempotency, "once", careless)
    manager, wishes = await _adjustments(client, world)
    await _send_all(manager, ADJUST, wishes[:2])
    assert await _count(platform, world, MOVEMENTS) > 2


async def test_a_cart_is_ordered_once_for_each_key_and_told_in_whatever_words_are_asked_for(
    platform: Platform, client: Client, world: World
) -> None:
    wishes = []
    for cart in await fill_carts(platform, world, KEYS):
        wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k"}
        wishes.append((wish, wish | {"note": "no bag"}))
    answers = await _send_all(client, PLACE, wishes)
    _check(answers, "orderPlace")
    orders = await _count(platform, world, "SELECT count(*) FROM sales_order WHERE tenant_id = $1")
    print(f"{KEYS} keys, {KEYS * TIMES} sends: {orders} orders")  # noqa: T201 - the figure is wanted
    assert orders == KEYS
    for (wish, changed), told in zip(wishes, answers, strict=True):
        again = [await client.send(PLACE_OTHERWISE, input=one) for one in (wish, changed)]
        [order] = [one["data"]["orderPlace"]["order"] for one in again if not one.get("errors")]
        assert {"id": order["id"]} in [one["data"]["orderPlace"]["order"] for one in told if not one.get("errors")]
        assert (order["status"], order["lines"]) == ("PENDING_PAYMENT", [{"quantity": 1}])
    assert not await audit(platform, world.tenant)
