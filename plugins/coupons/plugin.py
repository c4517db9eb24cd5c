"""Coupons that take an amount, a share or the delivery fee off, in a cart or at a counter."""

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
from core.members import MemberJoined
from core.orders import Checkout, OrderPaid, OrderStatusChanged, Release
from core.permission import Permission
from core.personal import PersonalData
from core.pricing import Basket, Offer
from core.rewards import Reward
from core.rules import Rules
from core.verification import Shown, Taken
from core.work import Work
from plugins.coupons import awarding, counter, jobs, ordering, permissions, pricing, rewards
from plugins.coupons.invariants import INVARIANTS
from plugins.coupons.personal_data import PERSONAL_DATA
from plugins.coupons.rules import CouponRules
from plugins.coupons.schema import campaigns, coupons, drafts, handling, having, managing, terms

PLUGIN = Plugin(
    name="coupons",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Coupons that members claim, are given or earn, and use once: in a cart or at a store's counter.",
    core_revision="0012",
    marks_carts=True,
)


@hookimpl
def register_permissions() -> list[Permission]:
    return [permissions.READ, permissions.MANAGE, permissions.GRANT, permissions.VERIFY]


@hookimpl
def register_rules() -> list[type[Rules]]:
    return [CouponRules]


@hookimpl
def register_subscribers() -> list[Subscription]:
    return [
        Within(OrderPaid, ordering.use),
        Within(OrderPaid, rewards.thank),
        Within(OrderStatusChanged, rewards.thank_for_collecting),
        Within(MemberJoined, rewards.welcome),
    ]


@hookimpl
def register_jobs() -> list[Job]:
    return [Job("coupons.expire_coupons", timedelta(minutes=10), jobs.expire_coupons)]


@hookimpl
def register_graphql() -> list[ModuleType]:
    return [terms, campaigns, coupons, having, drafts, managing, handling]


@hookimpl
def register_invariants() -> Sequence[Invariant]:
    return INVARIANTS


@hookimpl
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Offer]]:
    return await pricing.offers(work, baskets)


@hookimpl
async def redeem_code(work: Work, basket: Basket, code: str) -> str | None:
    return await pricing.redeem(work, basket, code)


@hookimpl
async def verify_code(work: Work, shown: Shown) -> Taken | None:
    return await counter.verify_code(work, shown)


@hookimpl
async def name_reward(work: Work, reward: Reward) -> str | None:
    return await awarding.name(work, reward)


@hookimpl
async def issue_reward(work: Work, reward: Reward, member_id: UUID, occasion_id: UUID) -> str | None:
    return await awarding.issue(work, reward, member_id, occasion_id)


@hookimpl
async def validate_checkout(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    return await ordering.check(work, checkouts)


@hookimpl
async def claim(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    return await ordering.take(work, checkouts)


@hookimpl
async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    return await ordering.take_again(work, order_id)


@hookimpl
async def release(work: Work, releases: Sequence[Release]) -> None:
    await ordering.give_back(work, releases)
    await rewards.take_back(work, releases)


@hookimpl
def register_personal_data() -> Sequence[PersonalData]:
    return PERSONAL_DATA
