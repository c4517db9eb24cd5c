"""What a brand may decide about deliveries."""

from typing import Literal

from pydantic import Field

from core.rules import Rules

Strategy = Literal["cheapest", "fastest", "priority", "broadcast"]


class DeliveryRules(Rules):
    strategy: Strategy = Field(
        "cheapest",
        description="Who is asked to deliver: the cheapest or fastest by their quotes, those of deliveries.priority in"
        " their order, or all at once, the first to accept it.",
    )
    priority: str = Field(
        "",
        max_length=500,
        pattern=r"^[a-z0-9_]*( [a-z0-9_]+)*$",
        description="Delivery providers in the order in which they are asked, by their names with a space between;"
        " those not named come last.",
    )
    automatic: bool = Field(False, description="Whether somebody is called as soon as an order is ready.")
    accept_minutes: int = Field(
        5, gt=0, le=240, description="How long a provider may look for a courier before the next one is asked."
    )
    poll_minutes: int = Field(
        5, gt=0, le=240, description="After how long a provider of whom nothing was heard is asked how it stands."
    )
    rounds: int = Field(2, gt=0, le=20, description="How often all providers are asked until nobody is called.")
    round_minutes: int = Field(3, gt=0, le=240, description="How long to wait before all are asked once more.")
    piece_grams: int = Field(500, gt=0, le=100_000, description="What a piece is taken to weigh, for quotes.")
