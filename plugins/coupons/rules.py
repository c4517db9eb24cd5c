"""What a brand may decide about coupons."""

from typing import Annotated, Literal

from pydantic import Field

from core.rules import Level, Rules


class CouponRules(Rules):
    return_on: Annotated[Literal["never", "whole", "any"], Level.BRAND] = Field(
        "whole",
        description="When the coupon of an order that was paid comes back: never, when the whole order ends or goes"
        " back, or when any part does. One that was not paid or was rejected by its store always gives it back.",
    )
    return_extends_days: Annotated[int, Level.BRAND] = Field(
        0, ge=0, le=365, description="For how many days at least a coupon that comes back can still be used."
    )
    pickup_from: int = Field(
        0,
        ge=0,
        le=10**12,
        description="From this value on an order that its member collects earns a coupon; minor units.",
    )
    repurchase_from: int = Field(
        0, ge=0, le=10**12, description="From this value on a till's sale earns a coupon; minor units."
    )
