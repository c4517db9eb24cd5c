"""What points contribute."""

from collections.abc import Sequence
from uuid import UUID

from core.books import Invariant
from core.errors import DomainError
from core.events import Subscription, Within
from core.fulfilment import PackageEnded
from core.hooks import hookimpl
from core.orders import Checkout, OrderCancelled, OrderPaid, OrderStatusChanged
from core.payments.events import RefundRequested
from core.permission import Permission
from core.personal import PersonalData
from core.points import giving_back, spending
from core.points.following import (
    earn_when_paid,
    give_back_when_not_sent,
    give_back_when_over,
    give_back_when_returned,
    ripen_when_complete,
    settle_when_refunded,
)
from core.points.invariants import INVARIANTS
from core.points.permissions import ADJUST, READ
from core.points.personal_data import PERSONAL_DATA
from core.points.rules import PointsRules
from core.pricing import Adjustment, Basket
from core.returns import GoodsReturned
from core.rules import Rules
from core.work import Work

MARKS_CARTS = True  #: it has a say in the carts alone that points are to pay for


@hookimpl
def register_permissions() -> list[Permission]:
    return [READ, ADJUST]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [PointsRules]


@hookimpl
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Adjustment]]:
    return await spending.adjust_prices(work, baskets)


@hookimpl
async def claim(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    return await spending.claim(work, checkouts)


@hookimpl
async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    return await giving_back.claim_again(work, order_id)


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Within(OrderPaid, earn_when_paid),
        Within(OrderStatusChanged, ripen_when_complete),
        Within(RefundRequested, settle_when_refunded),
        Within(OrderCancelled, give_back_when_over),
        Within(GoodsReturned, give_back_when_returned),
        Within(PackageEnded, give_back_when_not_sent),
    ]


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
