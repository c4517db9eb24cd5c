"""What core asks of plugins. Every hook is described in docs/hooks.md; core's own domains answer them too.

The hooks that register something return data. The others are decisions that core awaits, one plugin after the other.
"""

from collections.abc import Sequence
from uuid import UUID

import pluggy

from core.books import Invariant
from core.callbacks import CallbackRoute
from core.consents.purpose import ConsentPurpose
from core.deliveries.provider import DeliveryProvider
from core.errors import DomainError
from core.events import Subscription
from core.jobs import Job
from core.matching import Candidate, RankReason
from core.notices.channel import NoticeChannel
from core.notices.kind import NoticeKind
from core.orders import Checkout, Hold, Release
from core.payments.provider import AnyProvider
from core.payments.purposes import Purpose
from core.permission import Permission
from core.personal import PersonalData
from core.pricing import Basket, Offer
from core.rewards import Reward
from core.rules import Rules
from core.verification.handler import CodeKind, Shown, Taken
from core.work import Work

PROJECT = "hexmart"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_permissions() -> Sequence[Permission]:
    """Return the permissions this plugin or domain asks for."""


@hookspec
def register_rules() -> Sequence[type[Rules]]:
    """Return what a brand may decide about this plugin or domain."""


@hookspec
def register_subscribers() -> Sequence[Subscription]:
    """Return who listens to which event."""


@hookspec
def register_jobs() -> Sequence[Job]:
    """Return the sweeps that the worker runs for every tenant."""


@hookspec
def register_codes() -> Sequence[CodeKind]:
    """Return the kinds of code that a counter can verify."""


@hookspec
def register_consents() -> Sequence[ConsentPurpose]:
    """Return what members can agree to."""


@hookspec
def register_notices() -> Sequence[NoticeKind]:
    """Return the kinds of notice that people are sent, and their words."""


@hookspec
def register_invariants() -> Sequence[Invariant]:
    """Return what must hold of the books at any moment."""


@hookspec
def register_personal_data() -> Sequence[PersonalData]:
    """Return the tables that hold something of a member, and what becomes of it."""


@hookspec
def register_callbacks() -> Sequence[CallbackRoute]:
    """Return what providers may call."""


@hookspec
def payment_provider() -> AnyProvider:
    """Return a way to be paid."""


@hookspec
def payment_purpose() -> Purpose:
    """Return what members pay for that is no order."""


@hookspec
def delivery_provider() -> DeliveryProvider:
    """Return somebody who delivers."""


@hookspec
def notice_channel() -> NoticeChannel:
    """Return a way to reach people."""


@hookspec
async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Offer]]:
    """Return for each basket what is to be added to its price or taken off, and why."""


@hookspec
async def redeem_code(work: Work, basket: Basket, code: str) -> str | None:
    """Return what a code that a shopper puts on a cart is called, None for one that is not yours; refuse by raising."""


@hookspec
async def verify_code(work: Work, shown: Shown) -> Taken | None:
    """Take a code that somebody shows at a counter, once; None for one that is not yours; refuse by raising."""


@hookspec
async def name_reward(work: Work, reward: Reward) -> str | None:
    """Return what something is called that others may give members, None for one that is not yours."""


@hookspec
async def issue_reward(work: Work, reward: Reward, member_id: UUID, occasion_id: UUID) -> str | None:
    """Give it to a member, once for each occasion, and return what it is called; refuse by raising."""


@hookspec
async def validate_checkout(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    """Return for each order why it must not be placed, None where it may."""


@hookspec
async def claim(work: Work, checkouts: Sequence[Checkout]) -> Sequence[DomainError | None]:
    """Take what goes with each order (a seat, a coupon), in its transaction; return why it could not be had."""


@hookspec
async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    """Take again what went with an order that expired and is paid after all; return why it cannot be had."""


@hookspec
async def hold_order(work: Work, checkouts: Sequence[Checkout]) -> Sequence[Hold | None]:
    """Return for each order why it may not be carried out yet, None where it may."""


@hookspec
async def release(work: Work, releases: Sequence[Release]) -> None:
    """Give back what was taken with orders that end, in the transaction that ends them; asked again it does nothing."""


@hookspec
async def store_ranking(work: Work, candidates: Sequence[Candidate]) -> Sequence[RankReason | None]:
    """Return for each store how well it suits the shopper by one more measure, None where it has no say."""
