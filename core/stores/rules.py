"""What a brand may decide about finding stores."""

from typing import Annotated

from pydantic import Field

from core.rules import Level, Rules

Weight = Annotated[float, Level.BRAND]  # stores are held against each other, so they are measured alike


class StoreRules(Rules):
    near_radius: Annotated[int, Level.BRAND] = Field(
        3_000, gt=0, le=100_000, description="How far a search for stores reaches, in metres."
    )
    alternatives: Annotated[int, Level.BRAND] = Field(
        5, gt=0, le=10, description="How many other stores are shown where one does not deliver or suit."
    )
    shortage_alternatives: Annotated[int, Level.BRAND] = Field(
        3, gt=0, le=10, description="How many stores are shown that have what another is short of."
    )
    distance_weight: Weight = Field(0.40, ge=0, le=100, description="How much nearness counts in the ranking.")
    stock_weight: Weight = Field(0.35, ge=0, le=100, description="How much having the wanted items counts.")
    open_weight: Weight = Field(0.15, ge=0, le=100, description="How much being open now counts.")
    rating_weight: Weight = Field(0.10, ge=0, le=100, description="How much the shoppers' rating counts.")
    preparation_minutes: int = Field(10, ge=0, le=10_080, description="How long a store takes to have an order ready.")
    courier_meters_per_minute: int = Field(
        250, gt=0, le=10_000, description="How fast an order travels to the shopper."
    )
