"""A plugin of the attacked brands: it knows a code, and holds what is ordered three at a time."""

from collections.abc import Sequence

from core.actors import system
from core.hooks import hookimpl
from core.orders import Checkout, Hold
from core.pricing import Adjustment, Basket, Offer, Stage, TakeOff
from hexmart.testing import World
from hexmart.testing.plugins import install
from tenants import Platform
from tenants.plugins import enable
from tests.bringing import employ

NAME = "saver"
CODE = "SAVE5"
HELD = 3  #: pieces


class Saver:
    """A little off for the code."""

    @hookimpl
    async def redeem_code(self, code: str) -> str | None:
        return "Five off" if code == CODE else None

    @hookimpl
    async def adjust_prices(self, baskets: Sequence[Basket]) -> list[list[Offer]]:
        return [[_off()] if CODE in basket.codes_of(NAME) else [] for basket in baskets]

    @hookimpl
    async def hold_order(self, checkouts: Sequence[Checkout]) -> list[Hold | None]:
        held = [any(line.quantity == HELD for line in one.basket.lines) for one in checkouts]
        return [Hold("It waits.") if wait else None for wait in held]


async def furnish_with_plugin(platform: Platform, world: World) -> None:
    """Switch it on at a brand."""
    if not platform.plugins.has_plugin(NAME):
        install(platform, {NAME: Saver()})
    world.tenant = await enable(platform, world.tenant, system("test"), NAME)
    await employ(platform, world)


def _off() -> Adjustment:
    return Adjustment(
        stage=Stage.COUPON, source=NAME, label="Five off", reason="the code", effect=TakeOff(500), code=CODE
    )
