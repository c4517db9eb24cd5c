"""What a payment provider is to core: it is asked outside any transaction, and asked twice it acts once."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from core.money import Money


@dataclass(frozen=True, slots=True)
class Charge:
    payment_id: UUID  #: the provider's idempotency key
    order_number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Started:
    """How a charge begins: captured at once, or waiting for the shopper with what the client needs to go on."""

    captured: bool
    reference: str | None = None
    client_parameters: Mapping[str, object] = field(default_factory=dict)
    refused_because: str | None = None
    amount: Money | None = None  #: what was taken, where the provider says so; it has to be what was asked for


@dataclass(frozen=True, slots=True)
class RefundOrder:
    refund_id: UUID  #: the provider's idempotency key
    payment_reference: str
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Refunded:
    succeeded: bool
    reference: str | None = None


class PaymentProvider(Protocol):
    """A way to be paid, contributed by a plugin."""

    @property
    def name(self) -> str: ...
    def start(self, charge: Charge) -> Coroutine[Any, Any, Started]: ...
    async def refund(self, refund: RefundOrder) -> Refunded: ...
