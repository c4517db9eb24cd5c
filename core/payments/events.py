"""Facts about money."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentReturned(Event):
    """Money came for an order that could not have it any more, and goes back."""

    payment_id: UUID
    order_id: UUID
    cause: str  #: RESERVATION_EXPIRED, or ORDER_STATE where it was paid or cancelled before


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentMismatched(Event):
    """A provider says that it took other money than was asked for: nothing was credited, and somebody has to look."""

    payment_id: UUID
    order_id: UUID | None
    taken: int  #: minor units
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentOverdue(Event):
    """Nobody has heard for a while what became of a payment."""

    payment_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeArrived(Event):
    """A provider has told something, which nobody has looked at yet."""

    notice_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRefused(Event):
    """A provider has told what does not fit: nothing was credited, and somebody has to look."""

    notice_id: UUID
    cause: str  #: the verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundOverdue(Event):
    """A provider was at a refund, and nobody has heard since."""

    refund_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundRequested(Event):
    refund_id: UUID
    order_id: UUID | None  #: None: of money that was paid for no order


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundSettled(Event):
    refund_id: UUID
    order_id: UUID | None  #: None: of money that was paid for no order
    status: str
