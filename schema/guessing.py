"""Codes that somebody may be guessing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from core.errors import DomainError
from core.verification import CodeUnknown
from core.work import Work
from schema.context import Info
from tenants.throttle import Guard

Result = TypeVar("Result")


async def guessed(info: Info, guard: Guard, subject: str, deed: Callable[[Work], Awaitable[Result]]) -> Result:
    """Do something by a code, in one transaction. One that nobody knows is a wrong guess of the subject's.

    Other refusals count against nobody.
    """
    refusal: DomainError | None = None
    async with info.attempt(guard, subject):
        try:
            async with info.writing() as work:
                return await deed(work)
        except CodeUnknown:
            raise
        except DomainError as known:
            refusal = known
    raise refusal
