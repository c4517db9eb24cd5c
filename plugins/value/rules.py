"""What a brand may decide about stored value."""

from typing import Annotated

from pydantic import Field

from core.rules import Level, Rules

_MOST = 10**10  # minor units


class ValueRules(Rules):
    least_top_up: Annotated[int, Level.BRAND] = Field(
        1_000, gt=0, le=_MOST, description="The least that is paid in at once, in minor units."
    )
    most_top_up: Annotated[int, Level.BRAND] = Field(
        200_000, gt=0, le=_MOST, description="The most that is paid in at once, in minor units."
    )
    most_held: Annotated[int, Level.BRAND] = Field(
        500_000,
        gt=0,
        le=_MOST,
        description="How much may be held when more is paid in, with what was begun within the hour; minor units.",
    )
    bonus_every: Annotated[int, Level.BRAND] = Field(
        50_000,
        gt=0,
        le=_MOST,
        description="For each full so much paid in at once a bonus is given; minor units.",
    )
    bonus: Annotated[int, Level.BRAND] = Field(0, ge=0, le=_MOST, description="That bonus, in minor units; 0: none.")
