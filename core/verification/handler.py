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
    label: str = ""  #: what people call what is handed over for it; else the kind


@dataclass(frozen=True, slots=True)
class Shown:
    """A code that somebody shows at a store's counter."""

    code: str  #: as it was typed or read
    store_id: UUID
    spend: int | None = None  #: what the goods it is for cost, minor units; where somebody has said so


@dataclass(frozen=True, slots=True)
class Taken:
    """A code of a plugin's own that it has taken."""

    kind: str  #: what of the plugin's it was, in one word
    label: str  #: what people call it
    subject_id: UUID
