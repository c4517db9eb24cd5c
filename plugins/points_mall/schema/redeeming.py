"""What members do in the points mall."""

from uuid import UUID

import strawberry
from strawberry import ID

from core.work import Work
from plugins.points_mall import queries, redeeming, returning
from plugins.points_mall.redeeming import Delivery, Wish
from plugins.points_mall.rows import RedemptionRow
from plugins.points_mall.schema.redemptions import PointsMallRedemption
from schema import relay
from schema.common import AddressInput, ContactInput, address_of, contact_of
from schema.fields import MEMBER, field, mutation
from schema.payloads import Payload

_DELIVERY = ("input", "delivery")


@strawberry.type(description="What was redeemed, or why nothing was.")
class PointsMallPayload(Payload):
    redemption: PointsMallRedemption | None = field("What was redeemed, as it is now.")


@strawberry.input(description="Where goods are to be brought.")
class PointsMallDeliveryInput:
    address: AddressInput = field("Where.")
    contact: ContactInput | None = strawberry.field(description="How to reach the member.", default=None)


@strawberry.input(description="Something that is wanted for points.")
class PointsMallRedeemInput:
    offer_id: ID = field("The offer.")
    quantity: int = field("How many; of coupons and services one.")
    store_id: ID | None = strawberry.field(
        description="Where goods are collected or a service is wanted; absent: the best store, or any.", default=None
    )
    delivery: PointsMallDeliveryInput | None = strawberry.field(
        description="Where goods are brought; absent: they are collected.", default=None
    )
    idempotency_key: str = field("The same key with the same input gives the same redemption.")


@strawberry.input(description="A service that is not wanted any more.")
class PointsMallCancelInput:
    redemption_id: ID = field("The service; goods are given back by orderCancel.")


@mutation(PointsMallPayload, access=MEMBER)
async def points_mall_redeem(work: Work, input: PointsMallRedeemInput) -> RedemptionRow | None:
    """Have something for points: a coupon or a service at once, goods by an order of what is paid beside them."""
    assert work.actor.id is not None, "a member is somebody"
    wish = Wish(
        offer_id=relay.key_of("PointsMallOffer", input.offer_id),
        quantity=input.quantity,
        store_id=relay.filter_key("Store", input.store_id),
        delivery=_delivery(work, input.delivery),
    )
    return await _shown(work, await redeeming.redeem(work, work.actor.id, wish, key=input.idempotency_key))


@mutation(PointsMallPayload, access=MEMBER)
async def points_mall_cancel(work: Work, input: PointsMallCancelInput) -> RedemptionRow | None:
    """Give back a service that you have not used: its points are yours again."""
    assert work.actor.id is not None, "a member is somebody"
    key = relay.key_of("PointsMallRedemption", input.redemption_id)
    return await _shown(work, await returning.cancel(work, work.actor.id, key))


async def _shown(work: Work, redemption_id: UUID) -> RedemptionRow | None:
    return (await queries.redemptions_by_ids(work, [redemption_id]))[0]


def _delivery(work: Work, given: PointsMallDeliveryInput | None) -> Delivery | None:
    if given is None:
        return None
    address = address_of(work, given.address, (*_DELIVERY, "address"))
    return Delivery(address, contact_of(work, given.contact, (*_DELIVERY, "contact")))
