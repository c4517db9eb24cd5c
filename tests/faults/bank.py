"""A bank that a test holds in its hands: it takes money, and tells of it, when and as often as it is told to."""

from collections import Counter
from uuid import UUID

from core import payments
from core.actors import system
from core.hooks import hookimpl
from core.money import Money
from core.payments import Kind, Notification
from core.payments.provider import Charge, PaymentProvider, Refunded, RefundOrder, Started
from core.work import Work
from hexmart.testing import World
from tenants import Platform

NAME = "bank"
ACCOUNT = "1900000001/wx1"


class Bank:
    """What it was asked, and what it will answer."""

    name = NAME

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.charges: list[Charge] = []
        self.paid: set[UUID] = set()
        self.refunds: list[RefundOrder] = []
        self.refunded = Refunded(succeeded=True, reference="r")

    def account(self, _work: Work, _store_id: UUID) -> str:
        return ACCOUNT

    async def start(self, charge: Charge) -> Started:
        self.asked["start"] += 1
        self.charges.append(charge)
        return Started(captured=False, client_parameters={"prepay_id": charge.payment_id.hex})

    async def query(self, charge: Charge) -> Started:
        self.asked["query"] += 1
        if charge.payment_id not in self.paid:
            return Started(captured=False)
        return Started(captured=True, reference=f"t-{charge.payment_id}", amount=charge.amount, account=ACCOUNT)

    async def close(self, charge: Charge) -> bool:
        self.asked["close"] += 1
        return charge.payment_id not in self.paid

    async def refund(self, refund: RefundOrder) -> Refunded:
        self.asked["refund"] += 1
        self.refunds.append(refund)
        return self.refunded

    async def query_refund(self, _refund: RefundOrder) -> Refunded:
        self.asked["query_refund"] += 1
        return self.refunded


class BankPlugin:
    """The plugin that brings it."""

    def __init__(self) -> None:
        self.bank = Bank()

    @hookimpl
    def payment_provider(self) -> PaymentProvider:
        return self.bank


def told(charge: Charge, notice_id: str = "n-1", **other: object) -> Notification:
    """What the bank says of a charge that was paid, or something else in its place."""
    facts: dict[str, object] = {
        "provider": NAME,
        "id": notice_id,
        "kind": Kind.PAYMENT,
        "subject_id": charge.payment_id,
        "succeeded": True,
        "reference": f"t-{charge.payment_id}",
        "amount": charge.amount,
        "account": ACCOUNT,
    }
    return Notification(**(facts | other))  # type: ignore[arg-type]  # by their names


def told_of(refund: RefundOrder, notice_id: str = "n-2", **other: object) -> Notification:
    """What the bank says of a refund."""
    facts: dict[str, object] = {
        "provider": NAME,
        "id": notice_id,
        "kind": Kind.REFUND,
        "subject_id": refund.refund_id,
        "succeeded": True,
        "reference": f"r-{refund.refund_id}",
        "amount": Money(refund.amount.minor, refund.amount.currency),
        "account": ACCOUNT,
    }
    return Notification(**(facts | other))  # type: ignore[arg-type]  # by their names


async def tell(platform: Platform, world: World, *notifications: Notification) -> list[bool]:
    """Have them heard one after the other; which of them were new."""
    works = platform.works(world.tenant, system("test"))
    return [await payments.hear(works, one) for one in notifications]


async def verdicts(platform: Platform, world: World) -> list[str | None]:
    """What became of everything that was heard, in the order in which it came."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return [
            row["verdict"]
            for row in await work.fetch(
                "SELECT verdict FROM payment_notice WHERE tenant_id = $1 ORDER BY arrived_at, id"
            )
        ]
