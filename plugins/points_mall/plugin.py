"""The points mall: goods, coupons and services for points, or for points and some money."""

from collections.abc import Sequence
from datetime import timedelta
from types import ModuleType
from uuid import UUID

from core.books import Invariant
from core.errors import DomainError
from core.events import Subscription, Within
from core.extensions import Plugin
from core.hooks import hookimpl
from core.jobs import Job
from core.orders import Checkout, Release
from core.payments import RefundRequested
from core.permission import Permission
from core.personal import PersonalData
from core.pricing import Adjustment, Basket
from core.returns import GoodsReturned
from core.rules import Rules
from core.verification import Shown, Taken
from core.work import Work
from plugins.points_mall import counter, ordering, permissions, pricing, returning
from plugins.points_mall.invariants import INVARIANTS
from plugins.points_mall.personal_data import PERSONAL_DATA
from plugins.points_mall.rules import PointsMallRules
from plugins.points_mall.schema import managing, offers, redeeming, redemptions

PLUGIN = Plugin(
    name="points_mall",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    core_revision="0033",
    marks_carts=True,
    summary="Members have goods, coupons and services for points, or for points and some money.",
)


@hookimpl
def register_graphql() -> Sequence[ModuleType]:
    return [offers, redemptions, redeeming, managing]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [permissions.READ, permissions.MANAGE]


@hookimpl
def register_rules() -> Sequence[type[Rules]]:
    return [PointsMallRules]


@hookimpl
def register_subscribers() -> Sequence[Subscription]:
    return [Within(RefundRequested, returning.follow_refund), Within(GoodsReturned, returning.follow_return)]


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("points_mall.lapse_due", timedelta(minutes=5), returning.lapse_due)]


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    return INVARIANTS


@hookimpl
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Adjustment]]:
    return await pricing.adjust_prices(work, baskets)


@hookimpl
async def verify_code(work: Work, shown: Shown) -> Taken | None:
    return await counter.verify_code(work, shown)


@hookimpl
async def claim(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    return await ordering.claim(work, checkouts)


@hookimpl
async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    return await ordering.claim_again(work, order_id)


@hookimpl
async def release(work: Work, releases: Sequence[Release]) -> None:
    await returning.release(work, releases)


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
