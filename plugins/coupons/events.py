"""Facts about coupons."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponUsed(Event):
    coupon_id: UUID
    campaign_id: UUID
    order_id: UUID | None  #: None: at a counter
    store_id: UUID | None  #: of the counter
    discount: int  #: minor units


@dataclass(frozen=True, kw_only=True, slots=True)
class CouponReturned(Event):
    coupon_id: UUID
    campaign_id: UUID
    order_id: UUID
    state: str  #: UNUSED, or EXPIRED where its time had passed meanwhile
