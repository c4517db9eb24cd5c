"""A plugin that marks the carts it has a say in is asked of those, and of no others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

import pytest

from core import carts, orders
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.extensions import Plugin, PluginFailed
from core.hooks import hookimpl
from core.orders import Checkout, Hold, PlaceRequest
from core.pricing import Adjustment, Basket, Offer, Stage, TakeOff
from hexmart.testing import UsePlugins, World
from tenants import Platform

pytestmark = pytest.mark.anyio

NAME = "marker"


@dataclass(eq=False)
class Marker:
    """A yuan off every cart that it is asked of; it remembers which those were."""

    PLUGIN: ClassVar[Plugin] = Plugin(
        name=NAME, version="1.0.0", plugin_api=">=1.0,<2", summary="Marks carts.", marks_carts=True
    )
    asked: dict[str, list[UUID]] = field(default_factory=dict)
    broken: bool = False

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Offer]]:
        if self.broken:
            raise RuntimeError("out of order")
        self._hear("adjust_prices", baskets)
        off = Adjustment(stage=Stage.COUPON, source=NAME, label="Off", reason="a test", effect=TakeOff(100))
        return [[off] for _ in baskets]

    @hookimpl
    async def validate_checkout(self, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
        return [None for _ in self._hear("validate_checkout", [one.basket for one in checkouts])]

    @hookimpl
    async def claim(self, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
        return [None for _ in self._hear("claim", [one.basket for one in checkouts])]

    @hookimpl
    async def hold_order(self, checkouts: Sequence[Checkout]) -> list[Hold | None]:
        return [Hold("A test holds it.") for _ in self._hear("hold_order", [one.basket for one in checkouts])]

    @hookimpl
    async def release(self) -> None:
        pass

    def _hear(self, hook: str, baskets: Sequence[Basket]) -> Sequence[Basket]:
        self.asked[hook] = [basket.cart_id for basket in baskets]
        return baskets


async def three_carts(platform: Platform, world: World) -> list[UUID]:
    """Carts with a bottle of milk each; the second one is marked."""
    async with platform.open_work(world.tenant, system("test")) as work:
        made = []
        for _ in range(3):
            cart, _ = await carts.create(
                work,
                store_id=world.store_keys["S1"],
                fulfilment="PICKUP",
                member_id=None,
                wanted=[(world.variant_keys["MILK-1L"], 1)],
            )
            made.append(cart.id)
        await carts.mark(work, made[1], NAME)
    return made


async def test_it_is_asked_of_marked_carts_alone_and_its_answers_reach_those(
    platform: Platform, world: World, use_plugins: UsePlugins
) -> None:
    marker = Marker()
    await use_plugins(marker=marker)
    made = await three_carts(platform, world)
    async with platform.open_work(world.tenant, system("test")) as work:
        placed = await orders.place(work, [PlaceRequest(key, ANONYMOUS, str(key)) for key in made])
        found = await orders.visible(work, [key for key in placed if isinstance(key, UUID)])
    payable = [(order.payable, order.held) for order in found if order is not None]
    assert payable == [(1590, False), (1490, True), (1590, False)]
    hooks = ("adjust_prices", "validate_checkout", "claim", "hold_order")
    assert marker.asked == {hook: [made[1]] for hook in hooks}


async def test_where_it_fails_only_marked_carts_cannot_be_ordered(
    platform: Platform, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(marker=Marker(broken=True))
    made = await three_carts(platform, world)
    async with platform.open_work(world.tenant, system("test")) as work:
        placed = await orders.place(work, [PlaceRequest(key, ANONYMOUS, str(key)) for key in made])
    assert [isinstance(answer, PluginFailed) for answer in placed] == [False, True, False]
    assert isinstance(placed[0], UUID)
    assert isinstance(placed[2], UUID)


async def test_a_mark_is_a_new_version_of_the_cart_and_stands_there_once(platform: Platform, world: World) -> None:
    made = await three_carts(platform, world)
    async with platform.open_work(world.tenant, system("test")) as work:
        await carts.mark(work, made[1], NAME)
        plain, marked, _ = await carts.by_ids(work, made)
    assert plain is not None
    assert marked is not None
    assert (plain.version, plain.marks, marked.version, marked.marks) == (1, [], 3, [NAME])
