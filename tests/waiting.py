"""Waiting for what happens elsewhere."""

import asyncio
from collections.abc import Callable


async def until(claim: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(10):
        while not claim():  # noqa: ASYNC110 - whatever makes it true sets no event
            await asyncio.sleep(0.005)
