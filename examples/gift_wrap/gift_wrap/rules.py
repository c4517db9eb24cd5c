"""What a brand may decide about gift wrapping, in each store if it likes."""

from pydantic import Field

from core.rules import Rules


class GiftWrapRules(Rules):
    price: int = Field(500, ge=0, le=100_000, description="What wrapping one line costs, in minor units.")
    free_from: int = Field(
        0, ge=0, description="Wrapping costs nothing where the goods come to this much, in minor units; 0: never."
    )
