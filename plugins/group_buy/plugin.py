"""Neighbours buy together: a group's price, for whoever finds enough others in time."""

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
from core.orders import Checkout, Hold, OrderPaid, Release
from core.payments import RefundSettled
from core.permission import Permission
from core.personal import PersonalData
from core.pricing import Adjustment, Basket
from core.rules import Rules
from core.work import Work
from plugins.group_buy import ending, leaving, paying, permissions, pricing, reseating, seating, settling
from plugins.group_buy.events import GroupBuyFailed, GroupBuyOwed, GroupBuyPaid, GroupBuyPaidLate, GroupBuySucceeded
from plugins.group_buy.invariants import INVARIANTS
from plugins.group_buy.personal_data import PERSONAL_DATA
from plugins.group_buy.rules import GroupBuyRules
from plugins.group_buy.schema import buying, finding, managing, types

PLUGIN = Plugin(
    name="group_buy",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    core_revision="0012",
    marks_carts=True,
    summary="Members buy together at a group's price: an order is carried out once its group is complete.",
)


@hookimpl
def register_graphql() -> Sequence[ModuleType]:
    return [types, finding, buying, managing]


@hookimpl
def register_permissions() -> Sequence[Permission]:
    return [permissions.READ, permissions.MANAGE]


@hookimpl
def register_rules() -> Sequence[type[Rules]]:
    return [GroupBuyRules]


@hookimpl
def register_subscribers() -> Sequence[Subscription]:
    return [
        Within(OrderPaid, paying.take_payment),
        Within(RefundSettled, paying.note_refund),
        Within(GroupBuySucceeded, settling.let_go),
        Within(GroupBuyPaid, settling.let_go_late),
        Within(GroupBuyFailed, settling.owe),
        Within(GroupBuyOwed, settling.pay_back),
        Within(GroupBuyPaidLate, settling.settle_late),
    ]


@hookimpl
def register_jobs() -> Sequence[Job]:
    return [Job("group_buy.end_due", timedelta(seconds=5), ending.end_due, due=ending.IS_DUE)]


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    return INVARIANTS


@hookimpl
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Adjustment]]:
    return await pricing.adjust_prices(work, baskets)


@hookimpl
async def claim(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    return await seating.claim(work, checkouts)


@hookimpl
async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    return await reseating.claim_again(work, order_id)


@hookimpl
async def hold_order(work: Work, checkouts: Sequence[Checkout]) -> Sequence[Hold | None]:
    return await seating.hold_orders(work, checkouts)


@hookimpl
async def release(work: Work, releases: Sequence[Release]) -> None:
    await leaving.release(work, releases)


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
