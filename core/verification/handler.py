"""What stands behind a code."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from core.work import Work


@dataclass(frozen=True, slots=True)
class CodeKind:
    """A kind of code and what is done when staff verify one; it returns the order that the code belongs to."""

    kind: str
    redeem: Callable[["Work", UUID], Awaitable[UUID]]
