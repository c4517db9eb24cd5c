"""Many carts in one call: stock is allotted in turn, and a bad item hurts itself alone."""

from collections import Counter
from uuid import UUID

import pytest

from core import members, orders
from core.actors import ANONYMOUS, member
from core.carts import CartOrdered
from core.errors import DomainError, IdempotencyKeyReused
from core.ids import new_id
from core.orders import PlaceRequest
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, Books, books, fill_carts, stock_up

pytestmark = pytest.mark.anyio


async def _place(platform: Platform, world: World, requests: list[PlaceRequest]) -> list[UUID | DomainError]:
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        return await orders.place(work, requests)


def _wish(cart: UUID, *, key: str = "k", version: int | None = None) -> PlaceRequest:
    return PlaceRequest(cart_id=cart, actor=ANONYMOUS, key=key, cart_version=version)


async def test_a_batch_sells_what_there_is_and_a_bad_item_fails_alone(platform: Platform, world: World) -> None:
    carts = await fill_carts(platform, world, 40, {MILK: 2})
    await stock_up(platform, world, 50)
    requests = [_wish(cart) for cart in carts]
    requests[3:3] = [_wish(new_id()), _wish(carts[30], version=99), _wish(carts[31], key="")]
    answers = await _place(platform, world, requests)
    codes = [answer.code if isinstance(answer, DomainError) else "order" for answer in answers]
    assert codes[3:6] == ["NOT_FOUND", "STALE", "INVALID"]
    assert Counter(codes[:3] + codes[6:]) == {"order": 25, "OUT_OF_STOCK": 15}
    assert await books(platform, world) == Books(on_hand=50, reserved=50, held=50, orders=25)
    assert not await audit(platform, world.tenant)


async def test_a_batch_sent_again_gives_the_same_orders(platform: Platform, world: World) -> None:
    requests = [_wish(cart) for cart in await fill_carts(platform, world, 5)]
    first = await _place(platform, world, requests)
    assert await _place(platform, world, requests) == first
    assert await books(platform, world) == Books(on_hand=100, reserved=5, held=5, orders=5)


async def test_the_same_wish_twice_in_one_batch_is_one_order(platform: Platform, world: World) -> None:
    carts = await fill_carts(platform, world, 2)
    first, other, second = await _place(platform, world, [_wish(carts[0]), _wish(carts[1]), _wish(carts[0])])
    assert isinstance(first, UUID)
    assert isinstance(other, UUID)
    assert second == first
    assert (await books(platform, world)).orders == 2


async def test_a_cart_named_twice_in_one_batch_under_two_keys_is_ordered_once(platform: Platform, world: World) -> None:
    carts = await fill_carts(platform, world, 2)
    wishes = [_wish(carts[0], key="a"), _wish(carts[1]), _wish(carts[0], key="b")]
    first, other, second = await _place(platform, world, wishes)
    assert isinstance(first, UUID)
    assert isinstance(other, UUID)
    assert isinstance(second, CartOrdered)
    assert second.order_id == first
    assert (await books(platform, world)).orders == 2


async def test_a_members_key_on_two_carts_of_one_batch_serves_the_first(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        buyer = member(await members.join(work, "+8613800138000"))
    carts = await fill_carts(platform, world, 2)
    wishes = [PlaceRequest(cart_id=cart, actor=buyer, key="k") for cart in carts]
    first, second = await _place(platform, world, wishes)
    assert isinstance(first, UUID)
    assert isinstance(second, IdempotencyKeyReused)
    assert (await books(platform, world)).orders == 1
