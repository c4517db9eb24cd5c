"""What a brand may decide about consents."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules


class ConsentRules(Rules):
    settable: ClassVar[Level] = Level.BRAND  # a member agrees with the brand, and not with a store

    location_resolution: int = Field(
        7, ge=0, le=7, description="How fine the H3 cell is that is kept of where a member is; 7 is some five km²."
    )
    location_days: int = Field(30, gt=0, le=365, description="For how long it is kept.")
