"""What a command does to the brands, or to one of them, of whatever database runs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from hexmart.assembly import assemble
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.terminal import running_databases
from tenants import Platform, Tenant, clockwork

Result = TypeVar("Result")
Doing: TypeAlias = Callable[[Platform, Tenant], Awaitable[Result]]


def at_platform(do: Callable[[Platform], Awaitable[Result]]) -> Result:
    """Do it, and wait for it."""
    settings = Settings()
    return asyncio.run(_do(running_databases(settings), settings, do))


def at_brand(slug: str, do: Doing[Result]) -> Result:
    """The same to one brand."""

    async def at_it(platform: Platform) -> Result:
        return await do(platform, await platform.registry.by_slug(slug))

    return at_platform(at_it)


async def _do(databases: Databases, settings: Settings, do: Callable[[Platform], Awaitable[Result]]) -> Result:
    platform = assemble(databases, settings)
    try:
        await clockwork.follow(platform)  # a demo's clock may have been moved; elsewhere it stands at zero
        return await do(platform)
    finally:
        await platform.close()
