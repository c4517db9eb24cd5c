"""Facts about returns."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnChanged(Event):
    """A return was asked for, or has come a step further."""

    return_id: UUID
    order_id: UUID
    store_id: UUID  #: that takes the goods
    kind: str  #: REFUND, RETURN or EXCHANGE
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GoodsReturned(Event):
    """Goods are not the buyer's any more: of which lines, how many, and what was paid back for each."""

    return_id: UUID
    order_id: UUID
    store_id: UUID
    refund_id: UUID | None
    order_line_ids: tuple[UUID, ...]
    quantities: tuple[int, ...]
    amounts: tuple[int, ...]  #: minor units
    amount: int  #: all that goes back, freight among it
    whole: bool  #: whether nothing of the order is left


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnOverdue(Event):
    """Goods that may come back have not come in time."""

    return_id: UUID
    order_id: UUID
