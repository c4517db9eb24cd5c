"""What a brand may decide about group purchases."""

from typing import Literal

from pydantic import Field

from core.rules import Rules


class GroupBuyRules(Rules):
    coupons_too: bool = Field(False, description="Whether coupons apply to what is bought at a group's price.")
    join_after_end: bool = Field(
        True, description="Whether a team that is open when its campaign ends may still be joined."
    )
    late_payment: Literal["refund", "new_team"] = Field(
        "refund", description="What becomes of money that comes after the team has failed."
    )
    fill_from: int = Field(
        0, ge=0, le=100, description="From how many paid members on a team succeeds at its end, not full; 0: never."
    )
