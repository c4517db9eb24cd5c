"""What a brand may decide about prices."""

from pydantic import Field

from core.rules import Rules


class PricingRules(Rules):
    delivery_fee: int = Field(600, ge=0, description="What a delivery costs the shopper, in minor units.")
    free_delivery_from: int = Field(
        3_900, ge=0, description="From this value of goods on, delivery is free; minor units."
    )
