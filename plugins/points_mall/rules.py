"""What a brand may decide about its points mall."""

from typing import Annotated

from pydantic import Field

from core.rules import Level, Rules


class PointsMallRules(Rules):
    lapsed_back: Annotated[bool, Level.BRAND] = Field(
        True, description="Whether the points of a service that nobody came for in time come back."
    )
    back_days: Annotated[int, Level.BRAND] = Field(
        30, ge=0, le=3_650, description="For how many days at least points that come back can still be spent."
    )
