"""What a brand sets for couriers of its own."""

from pydantic import Field

from core.extensions import Settings


class DeliveryOwnSettings(Settings):
    fee: int = Field(
        0, ge=0, le=1_000_000, description="What a delivery counts as when providers are compared; minor units."
    )
    reach_meters: int = Field(
        5_000, gt=0, le=100_000, description="How far from the store couriers go, as the crow flies."
    )
    start_minutes: int = Field(8, ge=0, le=240, description="How long it takes until a courier is on the way.")
