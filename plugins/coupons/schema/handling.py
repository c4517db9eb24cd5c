"""What staff do with coupons of members: give them, withdraw them, take them at a counter."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts
from core.money import minor_of
from core.verification import Shown, Verified
from core.work import Work
from plugins.coupons import counter, granting, permissions, queries
from plugins.coupons.rows import CouponRow
from plugins.coupons.schema.campaigns import CouponsCampaign
from plugins.coupons.schema.coupons import CouponsCoupon
from plugins.coupons.schema.having import CouponsCouponPayload, tried
from schema import relay
from schema.context import Info
from schema.fields import batched, field, mutation
from schema.payloads import Done, Payload, Remark
from schema.verifying import Verification


@strawberry.type(description="How many got a coupon, or why nobody did.")
class CouponsGrantPayload(Payload):
    campaign: CouponsCampaign | None = field("The campaign as it is now.")
    granted: int | None = field("How many got one; who did not is named in the warnings.")


@strawberry.input(description="Coupons for members.")
class CouponsGrantInput:
    campaign_id: ID = field("The campaign; not one that gives its coupons by itself.")
    member_ids: list[ID] = field("Who is to have one, at most 1000.")
    idempotency_key: str = field("The same key gives the same coupons.")


@strawberry.input(description="A coupon that is to be withdrawn.")
class CouponsRevokeInput:
    coupon_id: ID = field("The coupon.")
    reason: str = field("Why, for the log.")


@strawberry.input(description="A coupon that is shown at a counter.")
class CouponsVerifyInput:
    code: str = field("What the shopper shows.")
    store_id: ID = field("The store where it is shown.")
    spend: Decimal | None = strawberry.field(
        description="What the goods it is for cost; needed where the coupon has a minimum.", default=None
    )
    idempotency_key: str = field("The same key takes it once.")


@mutation(CouponsGrantPayload, access=permissions.GRANT, cost=50)
async def coupons_grant(work: Work, input: CouponsGrantInput) -> Done:
    """Give a coupon to each of many members whom you know: to all who can have one, and never more than there are."""
    given = {relay.key_or_nothing("Member", value): value for value in input.member_ids}
    campaign_id = relay.key_of("CouponsCampaign", input.campaign_id)
    done = await granting.grant(work, campaign_id, list(given), key=input.idempotency_key)
    remarks = [
        *(Remark("NOT_FOUND", "There is no such member here.", given[key]) for key in done.unknown),
        *(Remark("COUPONS_LIMIT_REACHED", "This member has had as many as one may.", given[key]) for key in done.full),
    ]
    campaign = (await queries.campaigns_by_ids(work, [done.campaign_id]))[0]
    return Done(campaign, remarks, {"granted": len(done.granted)})


@mutation(CouponsCouponPayload, access=permissions.GRANT)
async def coupons_revoke(work: Work, input: CouponsRevokeInput) -> CouponRow | None:
    """Withdraw a coupon that nobody has used."""
    reason = contacts.text(input.reason, path=("input", "reason"))
    coupon_id = await granting.revoke(work, relay.key_of("CouponsCoupon", input.coupon_id), reason)
    return (await queries.by_ids(work, [coupon_id]))[0]


@mutation(CouponsCouponPayload, access=permissions.VERIFY, spans_works=True)
async def coupons_verify(info: Info, input: CouponsVerifyInput) -> CouponRow | None:
    """Take a coupon at a counter, once; five unknown codes a minute, and no more are looked at for a while."""
    spend = minor_of(input.spend, info.tenant.currency, ("input", "spend")) if input.spend is not None else None

    async def taken(work: Work) -> UUID:
        store_id = await counter.store_of(work, relay.key_of("Store", input.store_id))
        return await counter.verify(work, Shown(input.code, store_id, spend), key=input.idempotency_key)

    return await tried(info, taken)


@batched(Verification, CouponsCoupon | None)
async def coupons_taken(found: Sequence[Verified], info: Info) -> list[CouponRow | None]:
    """The coupon that was taken, and what it gives."""
    ids = [one.subject_id for one in found if one.kind == counter.TAKEN]
    by_id = {row.id: row for row in await queries.by_ids(info.work, ids) if row is not None}
    return [by_id.get(one.subject_id) for one in found]
