"""Coupons, as their holders and staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry

from core import members, orders
from core.actors import ActorKind
from core.carts import CartRow
from core.members import MemberRow
from core.money import Money as MoneyRow
from core.orders import OrderRow
from core.pricing import Basket, PricingRules, delivery_fee, price
from plugins.coupons import codes, queries
from plugins.coupons.judging import Families, Verdict, judge
from plugins.coupons.pricing import PLUGIN_NAME, families_for
from plugins.coupons.rows import CampaignRow, CouponRow
from plugins.coupons.schema.campaigns import CouponsCampaign
from plugins.coupons.schema.terms import CouponsTerms
from schema.carts import Cart
from schema.common import Money
from schema.context import Info
from schema.fields import MEMBER, batched, field, node_type, query, row_type
from schema.members import Member
from schema.orders import Order
from schema.pages import PAGE, Connection, Page, connection, position, size_of
from schema.relay import Node


@strawberry.enum(description="How a coupon stands. TAKEN is in an order that is not paid yet.")
class CouponsState(StrEnum):
    UNUSED = "UNUSED"
    TAKEN = "TAKEN"
    USED = "USED"
    EXPIRED = "EXPIRED"
    GIVEN = "GIVEN"
    REVOKED = "REVOKED"


@node_type(CouponRow, queries.visible)
class CouponsCoupon(Node):
    """A member's coupon."""

    state: CouponsState = field("How it stands.")
    terms: CouponsTerms = field("What it gives, as it was promised when it was given.")
    valid_from: datetime = field("From when it can be used.")
    valid_until: datetime = field("Until when.")
    issued_at: datetime = field("When its holder got it.")
    used_at: datetime | None = field("When it was used.")
    discount: Money | None = field("What it has taken off.")


@batched(CouponsCoupon, str | None, cost=0)
async def code(found: Sequence[CouponRow], info: Info) -> list[str | None]:
    """What its holder puts on a cart or shows at a counter; nobody else sees it."""
    return [codes.opened(info.work, c.sealed_code, "code", c.id) if _is_own(info, c) else None for c in found]


@batched(CouponsCoupon, str | None, cost=0)
async def gift_code(found: Sequence[CouponRow], info: Info) -> list[str | None]:
    """What its holder tells whoever is to have it; null unless it waits for somebody to come."""
    return [
        codes.opened(info.work, c.sealed_gift, "gift", c.id) if c.sealed_gift and _is_own(info, c) else None
        for c in found
    ]


@batched(CouponsCoupon, CouponsCampaign | None)
async def campaign(found: Sequence[CouponRow], info: Info) -> Sequence[CampaignRow | None]:
    """The campaign it belongs to, where you may see that."""
    return await queries.visible_campaigns(info.work, [coupon.campaign_id for coupon in found])


@batched(CouponsCoupon, Order | None)
async def order(found: Sequence[CouponRow], info: Info) -> list[OrderRow | None]:
    """The order it is in."""
    ids = [coupon.order_id for coupon in found if coupon.order_id is not None]
    rows = dict(zip(ids, await orders.visible(info.work, ids), strict=True))
    return [rows.get(coupon.order_id) if coupon.order_id else None for coupon in found]


@batched(CouponsCoupon, Member | None)
async def member(found: Sequence[CouponRow], info: Info) -> Sequence[MemberRow | None]:
    """Who holds it."""
    return await members.visible(info.work, [coupon.member_id for coupon in found])


def _is_own(info: Info, coupon: CouponRow) -> bool:
    return info.viewer.kind == ActorKind.MEMBER and info.viewer.id == coupon.member_id


@strawberry.type(description="A coupon in a page.")
class CouponsEdge:
    cursor: str = field("Where this item stands.")
    node: CouponsCoupon = field("The coupon.")


@strawberry.type(description="A page of coupons.")
class CouponsConnection(Page):
    edges: list[CouponsEdge] = field("The items with their cursors.")
    nodes: list[CouponsCoupon] = field("The items.")


@batched(Member, CouponsConnection | None, cost=5)
async def coupons(
    found: Sequence[MemberRow], info: Info, first: int | None = PAGE, after: str | None = None
) -> list[Connection[CouponRow] | None]:
    """The member's coupons, the newest first; for the member, and for staff with coupons.read."""
    ids, size, last = [row.id for row in found], size_of(first), position(after, UUID)
    seen = await queries.seen_members(info.work, ids)
    pages = await queries.pages_of_members(info.work, sorted(seen), size + 1, after=last[0] if last else None)
    of = {
        key: connection(page, first=size, after=after, key=_key, count=queries.counts_of_members, of=key)
        for key, page in zip(sorted(seen), pages, strict=True)
    }
    return [of.get(key) for key in ids]


@query(CouponsConnection, access=MEMBER, cost=2)
async def coupons_mine(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[CouponRow]:
    """Your coupons, the newest first."""
    assert info.viewer.id is not None, "a member is somebody"
    size, last = size_of(first), position(after, UUID)
    page = (await queries.pages_of_members(info.work, [info.viewer.id], size + 1, after=last[0] if last else None))[0]
    return connection(page, first=size, after=after, key=_key, count=queries.counts_of_members, of=info.viewer.id)


@dataclass(frozen=True, slots=True)
class Usable:
    """A coupon of a cart's member, and what it would give the cart by itself."""

    coupon: CouponRow
    discount: MoneyRow
    reason: str | None

    @property
    def usable(self) -> bool:
        return self.reason is None


@row_type(Usable)
class CouponsUsable:
    """A coupon that could go with a cart, or why it cannot."""

    coupon: CouponsCoupon = field("The coupon; put its code on the cart by cartCodeApply.")
    usable: bool = field("Whether it would give this cart anything.")
    reason: str | None = field("Why it would not.")
    discount: Money = field("What it would take off this cart if it were the only one.")


@batched(Cart, list[CouponsUsable] | None, cost=20)
async def coupons_usable(found: Sequence[CartRow], info: Info) -> list[list[Usable] | None]:
    """Coupons of the cart's member that nobody has used, those that give most first; null in a guest's cart."""
    holders = [cart.member_id for cart in found if cart.member_id is not None]
    held = await queries.unused_of(info.work, holders) if holders else []
    families = await families_for(info.work, held)
    return [
        _ranked(info, cart.basket, [one for one in held if one.member_id == cart.member_id], families)
        if cart.member_id is not None
        else None
        for cart in found
    ]


def _ranked(info: Info, basket: Basket, held: Sequence[CouponRow], families: Families) -> list[Usable]:
    judged = [_usable(info, basket, coupon, judge(info.work, coupon, basket, families)) for coupon in held]
    return sorted(judged, key=lambda one: -one.discount.minor)


def _usable(info: Info, basket: Basket, coupon: CouponRow, verdict: Verdict) -> Usable:
    """Priced as core would price the cart with this coupon and nothing else."""
    if verdict.adjustment is None:
        return Usable(coupon, MoneyRow(0, basket.currency), verdict.reason)
    rules = info.work.rules(PricingRules, basket.store_id)
    fee = delivery_fee(rules, basket, time_zone=info.tenant.time_zone)
    alone = price(basket, [(PLUGIN_NAME, [verdict.adjustment])], rules, delivery=fee)
    step = alone.steps[0]
    return Usable(coupon, MoneyRow(-step.amount, basket.currency), None if step.applied else step.why_not)


def _key(row: CouponRow) -> list[UUID]:
    """What a page of coupons is cut by."""
    return [row.id]
