"""What a brand may decide about returns."""

from typing import Annotated

from pydantic import Field

from core.rules import Level, Rules

Days = Annotated[int, Field(ge=0, le=365)]


class ReturnRules(Rules):
    window_days: Days = Field(
        7, description="For how many days after an order is complete its goods can be returned; 0: not at all."
    )
    category_days: Annotated[dict[str, Days], Level.BRAND] = Field(
        {},
        max_length=200,
        description="The same for categories, by slug; the nearest one of a product counts.",
    )
    other_stores: Annotated[bool, Level.BRAND] = Field(
        True, description="Whether goods can be brought to another store than the one they are from."
    )
    approve_below: int = Field(
        0, ge=0, le=10**12, description="Returns and exchanges of goods worth less are approved at once; minor units."
    )
    refund_below: int = Field(
        0, ge=0, le=10**12, description="Refunds without goods that are worth less are paid at once; minor units."
    )
    send_days: int = Field(
        7, gt=0, le=365, description="How long an approved return waits for its goods, then it is closed."
    )
    freight_with_whole: bool = Field(
        True, description="Whether the delivery is paid back once nothing of an order is left."
    )
    freight_at_fault: bool = Field(
        True, description="Whether the delivery is paid back where the shop is at fault, whatever comes back."
    )
