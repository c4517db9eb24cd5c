"""Payments and refunds as they are read."""

from dataclasses import dataclass
from uuid import UUID

from core.money import Money


@dataclass(slots=True)
class PaymentRow:
    id: UUID
    order_id: UUID | None
    provider: str
    minor: int
    currency: str
    status: str
    provider_reference: str | None
    failure: str | None  #: why it has not paid the order: the provider's words, or a refusal's code
    account: str | None  #: whose money it becomes, in the provider's words
    purpose: str | None = None  #: what it is for, where that is no order
    member_id: UUID | None = None  #: who pays for that

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)


@dataclass(slots=True)
class RefundRow:
    id: UUID
    order_id: UUID | None
    payment_id: UUID
    minor: int
    currency: str
    reason: str
    status: str

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)


@dataclass(slots=True)
class NoticeRow:
    id: UUID
    provider: str
    kind: str
    subject_id: UUID | None
    succeeded: bool
    reference: str | None
    minor: int
    currency: str
    account: str | None

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)
