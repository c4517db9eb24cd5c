"""What a payment provider is to core: it is asked outside any transaction, and asked twice it acts once."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from core.money import Money
from core.work import Work, Works

TILL = "till"  #: money in a drawer: whoever takes it or hands it out has said so


@dataclass(frozen=True, slots=True)
class Charge:
    payment_id: UUID  #: the provider's idempotency key
    order_number: str  #: of what is no order, one that people can tell it by
    amount: Money
    store_id: UUID | None  #: None: it is not of a store
    account: str | None  #: whose money it becomes, in the provider's words; of providers that have accounts
    works: Works = field(repr=False)  #: of the brand, for what a provider keeps itself; never open while it waits
    details: Mapping[str, object] = field(default_factory=dict, repr=False)  #: what the shopper's device or a till said
    at_counter: bool = False  #: whether somebody has begun it who takes money at the store


@dataclass(frozen=True, slots=True)
class Started:
    """How a charge stands: captured, or waiting for the shopper with what the client needs to go on, or refused."""

    captured: bool
    reference: str | None = None
    client_parameters: Mapping[str, object] = field(default_factory=dict)
    refused_because: str | None = None
    amount: Money | None = None  #: what was taken, where the provider says so; it has to be what was asked for
    account: str | None = None  #: who has it, where the provider says so; it has to be who was to have it


@dataclass(frozen=True, slots=True)
class RefundOrder:
    refund_id: UUID  #: the provider's idempotency key
    payment_reference: str
    amount: Money
    reason: str
    payment_id: UUID
    paid: Money  #: what the payment was of
    account: str | None
    works: Works = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refunded:
    """Whether money has gone back; where that takes time, the provider is asked again, or tells."""

    succeeded: bool
    reference: str | None = None
    pending: bool = False


class PaymentProvider(Protocol):
    """A way to be paid, contributed by a plugin."""

    @property
    def name(self) -> str: ...
    def start(self, charge: Charge) -> Coroutine[Any, Any, Started]: ...
    async def refund(self, refund: RefundOrder) -> Refunded: ...


@runtime_checkable
class SettlesWithin(Protocol):
    """A way to be paid out of the brand's own books: they are written in the transaction that says so."""

    @property
    def name(self) -> str: ...
    def take(self, work: Work, charge: Charge, member_id: UUID | None) -> Coroutine[Any, Any, Started]:
        """Take all of it of whoever's order it is, or raise why not: then nothing of the payment is written."""

    def give_back(self, work: Work, refund: RefundOrder, member_id: UUID | None) -> Coroutine[Any, Any, Refunded]:
        """Give it back; asked again for the same refund, once."""


AnyProvider: TypeAlias = PaymentProvider | SettlesWithin


@runtime_checkable
class HasAccounts(Protocol):
    """One whose money comes to a merchant of the brand, or of the store."""

    def account(self, work: Work, store_id: UUID | None) -> str:
        """Whose money a store's is: a merchant and an app. Refuses where there is none; asks nobody."""


@runtime_checkable
class CanBeAsked(Protocol):
    """One that says what became of a charge without beginning it anew."""

    def query(self, charge: Charge) -> Coroutine[Any, Any, Started]: ...


@runtime_checkable
class CanClose(Protocol):
    """One that can be told to take no more money for a charge."""

    def close(self, charge: Charge) -> Coroutine[Any, Any, bool]:
        """Whether no money comes any more; False where it has come already."""


@runtime_checkable
class TellsOfRefunds(Protocol):
    """One that says what became of a refund that was under way."""

    def query_refund(self, refund: RefundOrder) -> Coroutine[Any, Any, Refunded]: ...
