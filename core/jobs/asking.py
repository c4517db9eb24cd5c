"""Which of a tenant's jobs have something to do, asked in one statement for all of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.work import Work


async def ask(work: "Work", statements: Sequence[str]) -> list[bool]:
    """For each SELECT whether it finds a row."""
    return list(await work.value(_together(tuple(statements))))


@lru_cache(maxsize=1024)
def _together(statements: Sequence[str]) -> str:
    """The planner is told to stop at the first row of each."""
    return f"SELECT ARRAY[{', '.join(f'EXISTS ({statement})' for statement in statements)}]"
