"""Becoming a member is told of once."""

import asyncio

import pytest

from core import members
from core.actors import system
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio

TOLD = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'members.MemberJoined'"


async def test_whoever_joins_is_told_of_once_however_often_they_come(platform: Platform, world: World) -> None:
    async def come() -> None:
        async with platform.open_work(world.tenant, system("test")) as work:
            await members.join(work, "+8613800138000")

    await asyncio.gather(*(come() for _ in range(5)))
    await come()
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(TOLD) == 1
