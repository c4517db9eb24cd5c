"""What a brand's plan allows it to have, held against what it has."""

from collections.abc import Awaitable, Callable
from typing import Literal

from core import turns
from core.errors import LimitReached
from core.work import Work


async def hold(work: Work, name: Literal["stores", "staff"], count: Callable[[Work], Awaitable[int]]) -> None:
    """Refuse one more than the plan allows; whoever adds another at the same time waits for this transaction."""
    quota = getattr(work.brand.quotas, name)
    if quota is None:
        return
    await turns.take(work, name)
    if await count(work) >= quota:
        raise LimitReached(reason=f"The brand's plan allows {quota} {name}: give one up, or ask for a larger plan.")
