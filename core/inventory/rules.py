"""What a brand may decide about stock."""

from pydantic import Field

from core.rules import Rules


class InventoryRules(Rules):
    sellable_percent: int = Field(
        100,
        ge=0,
        le=100,
        description="The percentage of what is on hand that online orders may take; a till may take all.",
    )
    safety_stock: int = Field(
        0, ge=0, le=1_000_000, description="How much of each variant online orders leave, in the variant's unit."
    )
    low_stock: int = Field(
        5,
        ge=0,
        le=1_000_000,
        description="At how much of a variant stock is low: so many times what its price is for (1 piece, 500 g).",
    )
