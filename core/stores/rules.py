"""What a brand may decide about finding stores."""

from pydantic import Field

from core.rules import Rules


class StoreRules(Rules):
    near_radius: int = Field(3_000, gt=0, le=100_000, description="How far a search for stores reaches, in metres.")
    distance_weight: float = Field(0.40, ge=0, description="How much nearness counts in the ranking.")
    stock_weight: float = Field(0.35, ge=0, description="How much having the wanted items counts.")
    open_weight: float = Field(0.15, ge=0, description="How much being open now counts.")
    rating_weight: float = Field(0.10, ge=0, description="How much the shoppers' rating counts.")
    preparation_minutes: int = Field(10, ge=0, description="How long a store takes to have an order ready.")
    courier_meters_per_minute: int = Field(250, gt=0, description="How fast an order travels to the shopper.")
