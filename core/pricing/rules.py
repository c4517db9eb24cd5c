"""What a brand may decide about prices."""

from typing import Annotated

from pydantic import Field

from core.rules import BASKET, Rules

_MOST = 10**12  # minor units


class PricingRules(Rules):
    delivery_fee: int = Field(600, ge=0, le=_MOST, description="What a delivery costs the shopper, in minor units.")
    delivery_near_meters: int = Field(
        3_000, ge=0, le=100_000, description="Up to this distance from its store a delivery costs no more than that."
    )
    delivery_band_meters: int = Field(
        1_000, gt=0, le=100_000, description="How wide each band beyond is; one that is begun is charged."
    )
    delivery_band_fee: int = Field(
        0, ge=0, le=10**9, description="What each band adds to the price of a delivery; minor units."
    )
    free_delivery_from: int = Field(
        3_900, ge=0, le=_MOST, description="From this value of goods on, delivery is free; minor units."
    )
    free_delivery_when: Annotated[str, BASKET] = Field(
        "", description="Delivery is free for a basket of which this holds as well; empty: for no other."
    )
    most_off_percent: int = Field(
        100, ge=0, le=100, description="How much discounts may take off the goods all together, in percent."
    )
