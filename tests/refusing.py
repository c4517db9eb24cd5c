"""A provider that pays nothing back, for tests that need a refund which has failed."""

from core import payments
from core.actors import system
from core.payments import Refunded
from hexmart.testing import World
from schema.relay import key_or_nothing
from tenants import Platform


async def refuse(platform: Platform, world: World, refund_id: str) -> str:
    """Have its provider refuse a refund; returns its id."""
    async with platform.open_work(world.tenant, system("test")) as work:
        [refund] = await payments.refunds_by_ids(work, [key_or_nothing("Refund", refund_id)])
        assert refund is not None
        assert await payments.settle(work, refund, Refunded(succeeded=False))
    return refund_id
