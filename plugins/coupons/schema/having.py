"""What members do with coupons: claim them, give them, take them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import strawberry
from strawberry import ID

from core.actors import Actor
from core.work import Work
from plugins.coupons import claiming, giving, queries
from plugins.coupons.rows import CouponRow
from plugins.coupons.schema.coupons import CouponsCoupon
from schema import relay
from schema.context import Info
from schema.fields import MEMBER, field, mutation
from schema.guessing import guessed
from schema.payloads import Payload
from tenants.throttle import CART_CODE

Deed = Callable[[Work], Awaitable[UUID]]  #: gives the id of a coupon


@strawberry.type(description="The coupon, or why nothing was done.")
class CouponsCouponPayload(Payload):
    coupon: CouponsCoupon | None = field("The coupon as it is now.")


@strawberry.input(description="A coupon that anybody may have.")
class CouponsClaimInput:
    campaign_id: ID = field("The campaign.")
    idempotency_key: str = field("The same key gives the same coupon.")


@strawberry.input(description="A code that turns into a coupon.")
class CouponsClaimCodeInput:
    code: str = field("The word, or the printed code.")
    idempotency_key: str = field("The same key gives the same coupon.")


@strawberry.input(description="A coupon for somebody else.")
class CouponsGiveInput:
    coupon_id: ID = field("The coupon.")
    idempotency_key: str = field("The same key gives the same gift code.")


@strawberry.input(description="A coupon that is to be kept after all.")
class CouponsTakeBackInput:
    coupon_id: ID = field("The coupon.")


@strawberry.input(description="A coupon that somebody gives.")
class CouponsTakeInput:
    code: str = field("The gift code.")
    idempotency_key: str = field("The same key gives the same coupon.")


@mutation(CouponsCouponPayload, access=MEMBER)
async def coupons_claim(work: Work, input: CouponsClaimInput) -> CouponRow | None:
    """Claim a coupon of a campaign that is open to everybody."""
    campaign_id = relay.key_of("CouponsCampaign", input.campaign_id)
    return await _shown(work, await claiming.claim(work, _holder(work.actor), campaign_id, key=input.idempotency_key))


@mutation(CouponsCouponPayload, access=MEMBER, spans_works=True)
async def coupons_claim_code(info: Info, input: CouponsClaimCodeInput) -> CouponRow | None:
    """Claim a coupon by a word or a printed code; five wrong ones a minute, and it is not looked at for a while."""
    holder = _holder(info.viewer)
    return await tried(info, lambda work: claiming.claim_code(work, holder, input.code, key=input.idempotency_key))


@mutation(CouponsCouponPayload, access=MEMBER)
async def coupons_give(work: Work, input: CouponsGiveInput) -> CouponRow | None:
    """Lay a coupon by for whoever is told its gift code; it is yours again by couponsTakeBack until somebody comes."""
    coupon_id = relay.key_of("CouponsCoupon", input.coupon_id)
    return await _shown(work, await giving.give(work, _holder(work.actor), coupon_id, key=input.idempotency_key))


@mutation(CouponsCouponPayload, access=MEMBER)
async def coupons_take_back(work: Work, input: CouponsTakeBackInput) -> CouponRow | None:
    """Keep a coupon that was laid by for somebody who has not come."""
    coupon_id = relay.key_of("CouponsCoupon", input.coupon_id)
    return await _shown(work, await giving.take_back(work, _holder(work.actor), coupon_id))


@mutation(CouponsCouponPayload, access=MEMBER, spans_works=True)
async def coupons_take(info: Info, input: CouponsTakeInput) -> CouponRow | None:
    """Take a coupon that somebody gives, by its gift code; the first to come has it."""
    holder = _holder(info.viewer)
    return await tried(info, lambda work: giving.take(work, holder, input.code, key=input.idempotency_key))


async def tried(info: Info, deed: Deed) -> CouponRow | None:
    """Do something by a code, and show the coupon."""

    async def done(work: Work) -> CouponRow | None:
        return await _shown(work, await deed(work))

    return await guessed(info, CART_CODE, str(info.viewer.id), done)


def _holder(actor: Actor) -> UUID:
    assert actor.id is not None, "a member is somebody"
    return actor.id


async def _shown(work: Work, coupon_id: UUID) -> CouponRow | None:
    return (await queries.by_ids(work, [coupon_id]))[0]
