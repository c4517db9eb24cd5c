"""What of an order's payments has not gone back, and which of them an amount goes back to."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from core.orders import OrderRow
from core.payments.provider import SettlesWithin
from core.payments.queries import payments_of, refunds_of
from core.payments.rows import PaymentRow
from core.payments.rules import PaymentRules
from core.work import Work


class Kept(NamedTuple):
    """A payment, and how much of it has not gone back; as a share, how much of it goes."""

    payment: PaymentRow
    minor: int


async def kept_of(work: Work, order: OrderRow) -> list[Kept]:
    """What is left of a locked order's payments; of one that came too late and went back nothing is."""
    back: Counter[UUID] = Counter()
    for refund in (await refunds_of(work, [order.id]))[0]:
        back[refund.payment_id] += refund.minor
    captured = [one for one in (await payments_of(work, [order.id]))[0] if one.status == "CAPTURED"]
    return [Kept(one, one.minor - back[one.id]) for one in captured if back[one.id] < one.minor]


def total(kept: Sequence[Kept]) -> int:
    """What they come to."""
    return sum(one.minor for one in kept)


def shares(work: Work, kept: Sequence[Kept], amount: int) -> list[Kept]:
    """How much of each payment goes back, by the brand's rule."""
    rule = work.rules(PaymentRules).refunds
    if rule == "by_share":
        return list(by_share(kept, amount))
    providers = work.hooks.payment_providers

    def rank(one: Kept) -> bool:
        return isinstance(providers.get(one.payment.provider), SettlesWithin) is (rule == "provider_first")

    return list(in_turn(kept, amount, rank))


def in_turn(kept: Sequence[Kept], amount: int, rank: Callable[[Kept], bool]) -> Iterator[Kept]:
    """All of one payment before the next; of equal rank the one that came last goes back first."""
    latest_first = kept[::-1]
    for one in sorted(latest_first, key=rank):
        share = min(one.minor, amount)
        amount -= share
        if share:
            yield Kept(one.payment, share)


def by_share(kept: Sequence[Kept], amount: int) -> Iterator[Kept]:
    """Of each as much as it has of what is left, so that in whichever steps they go back they do to the last unit."""
    left = total(kept)
    for one in kept:
        share = amount * one.minor // left if left else 0
        amount, left = amount - share, left - one.minor
        if share:
            yield Kept(one.payment, share)
