"""Many orders take no more statements than one; what is asked of a cart is asked of all carts at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest

from core import carts
from core.actors import Actor
from core.orders import Release
from core.orders.checkout import Cause
from plugins.group_buy.leaving import release
from plugins.group_buy.tests.shop import PRICE, Shop

pytestmark = pytest.mark.anyio
Statements = Callable[[], AbstractContextManager[list[str]]]


def own(sent: list[str]) -> list[str]:
    return [sql for sql in sent if "group_buy" in sql]


async def marked(shop: Shop, campaign: UUID, size: int) -> list[tuple[Actor, UUID]]:
    """Carts of as many people: each second one joins a team, the others open one."""
    team, _ = await shop.opens(await shop.shopper(), campaign)
    wishes = []
    for index, who in enumerate(await shop.crowd(size)):
        cart_id = await shop.cart(who)
        await (shop.ask(who, cart_id, team=team) if index % 2 else shop.ask(who, cart_id, campaign=campaign))
        wishes.append((who, cart_id))
    return wishes


async def test_a_batch_of_orders_takes_as_many_statements_as_two(shop: Shop, statements: Statements) -> None:
    campaign = await shop.campaign({40: PRICE}, new_members_only=True, orders_per_member=5, stock=500)
    counted = []
    for size in (2, 20):
        wishes = await marked(shop, campaign, size)
        with statements() as sent:
            answers = await shop.order_all(wishes)
        assert all(isinstance(answer, UUID) for answer in answers)
        with statements() as given_back:
            async with shop.work() as work:
                await release(work, [Release(one, Cause.CANCELLED) for one in answers if isinstance(one, UUID)])
        counted.append((len(sent), len(own(sent)), len(given_back)))
    print(f"statements for 2 and for 20 orders (all, the plugin's, to give them back): {counted}")  # noqa: T201 - the figure is wanted
    assert counted[0] == counted[1]


async def test_carts_are_priced_by_one_statement(shop: Shop, statements: Statements) -> None:
    wishes = await marked(shop, await shop.campaign({40: PRICE}), 10)
    async with shop.work(read_only=True) as work:
        with statements() as sent:
            found = await carts.by_ids(work, [cart_id for _, cart_id in wishes])
    assert len(own(sent)) == 1
    assert {cart.totals.payable.minor for cart in found if cart is not None and cart.totals is not None} == {990, PRICE}
