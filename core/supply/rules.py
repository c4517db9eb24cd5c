"""What a brand may decide about supply."""

from pydantic import Field

from core.rules import Rules


class SupplyRules(Rules):
    over_receipt_percent: int = Field(
        0, ge=0, le=100, description="By how much more than was ordered a delivery may bring of a variant, in per cent."
    )
