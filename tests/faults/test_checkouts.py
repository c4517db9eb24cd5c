"""Between the moment a checkout is priced and the moment it is written all may change; nobody pays by what was."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import pytest

from core import carts, orders, rulebook
from core.actors import ANONYMOUS, system
from core.errors import Busy
from core.orders import Candidate, OrderRow, PlaceRequest, checking, placing
from core.rulebook import Wanted
from core.work import Work
from hexmart.testing import Client, World
from tenants import Platform
from tenants.checkouts import REPETITIONS
from tests.faults.audit import audit
from tests.faults.shop import MILK, Books, books, cart_id_of, fill_carts

pytestmark = pytest.mark.anyio

Change = Callable[[Work, World, UUID], Awaitable[object]]
DEARER = "UPDATE variant SET price = price + 100 WHERE tenant_id = $1 AND id = $2"
AT_STORE = """
INSERT INTO shelf (tenant_id, store_id, variant_id, price) VALUES ($1, $2, $3, 1)
ON CONFLICT (tenant_id, store_id, variant_id) DO UPDATE SET price = 1
"""


async def _more(work: Work, world: World, cart: UUID) -> None:
    await carts.add_lines(work, cart, [(world.variant_keys["BREAD"], 1)])


async def _dearer(work: Work, world: World, _: UUID) -> None:
    await work.execute(DEARER, world.variant_keys[MILK])


async def _dearer_at_the_store(work: Work, world: World, _: UUID) -> None:
    await work.execute(AT_STORE, world.store_keys["S1"], world.variant_keys[MILK])


async def _other_rules(work: Work, _: World, __: UUID) -> None:
    await rulebook.decide(work, Wanted(key="pricing.delivery_fee", value=700))


async def _ordered(work: Work, _: World, cart: UUID) -> None:
    await orders.place(work, [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="other")])


CHANGES = [_more, _dearer, _dearer_at_the_store, _other_rules, _ordered]


async def _prepared(platform: Platform, world: World, cart: UUID) -> Candidate:
    async with platform.open_work(world.tenant, ANONYMOUS, read_only=True) as work:
        [one] = await orders.prepare(work, [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k")])
    assert isinstance(one, Candidate)
    return one


async def _settled(platform: Platform, world: World, prepared: Sequence[Candidate]) -> list[orders.Settled | None]:
    async with platform.open_work(world.tenant, system("test")) as work:
        return await orders.settle(work, prepared)


async def _change(platform: Platform, world: World, change: Change, cart: UUID) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await change(work, world, cart)


@pytest.mark.parametrize("change", CHANGES)
async def test_what_has_changed_since_it_was_priced_is_priced_again(
    platform: Platform, world: World, change: Change
) -> None:
    changed, same = await fill_carts(platform, world, 1), await fill_carts(platform, world, 1, {"BREAD": 1})
    prepared = [await _prepared(platform, world, cart) for cart in (*changed, *same)]
    await _change(platform, world, change, changed[0])
    settled = await _settled(platform, world, prepared)
    assert settled[0] is None
    assert isinstance(settled[1], OrderRow) is (change is not _other_rules)
    assert not await audit(platform, world.tenant)


async def test_without_the_comparison_it_would_be_sold_at_a_price_that_is_none_any_more(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def good(_: Work, candidates: Sequence[Candidate]) -> list[bool]:
        return [True for _ in candidates]

    monkeypatch.setattr(placing, "still_good", good)
    [cart] = await fill_carts(platform, world, 1)
    prepared = await _prepared(platform, world, cart)
    await _change(platform, world, _dearer, cart)
    [order] = await _settled(platform, world, [prepared])
    assert isinstance(order, OrderRow)
    async with platform.open_work(world.tenant, ANONYMOUS, read_only=True) as work:
        price = await work.value("SELECT price FROM variant WHERE tenant_id = $1 AND id = $2", world.variant_keys[MILK])
    assert order.items == price - 100


async def test_a_checkout_that_changes_while_it_waits_comes_out_at_the_new_price(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [cart] = await fill_carts(platform, world, 1)
    compare, times = checking.still_good, 0

    async def after_a_change(work: Work, candidates: Sequence[Candidate]) -> list[bool]:
        nonlocal times
        times += 1
        if times <= REPETITIONS:  # until it is read and written in one transaction, with the cart held
            await _change(platform, world, _dearer, cart)
        return await compare(work, candidates)

    monkeypatch.setattr(placing, "still_good", after_a_change)
    wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k"}
    placed = await client.do("orderPlace", wish, "order { totals { items { amount } } }")
    assert placed["order"]["totals"]["items"]["amount"] == "18.90"
    assert times == REPETITIONS + 1
    assert not await audit(platform, world.tenant)


async def test_a_shop_that_is_too_busy_says_so_and_when_to_come_again(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(platform.checkouts._taking, "submit", busy)
    [cart] = await fill_carts(platform, world, 1)
    wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k"}
    payload = await client.do("orderPlace", wish, "order { id }")
    assert payload["order"] is None
    assert [(said["code"], said["retryAfter"]) for said in payload["userErrors"]] == [("BUSY", Busy.retry_after)]
    assert await books(platform, world) == Books(on_hand=100, reserved=0, held=0, orders=0)


async def test_the_timeline_names_the_buyer_and_not_who_wrote_it_down(platform: Platform, world: World) -> None:
    [cart] = await fill_carts(platform, world, 1)
    [order] = await _settled(platform, world, [await _prepared(platform, world, cart)])
    assert isinstance(order, OrderRow)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [[placed]] = await orders.timeline_of(work, [order.id])
    assert (placed.name, placed.actor) == ("placed", "guest")
