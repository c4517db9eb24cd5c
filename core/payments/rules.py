"""What a brand may decide about payments."""

from typing import Annotated, Literal

from pydantic import Field

from core.rules import Level, Rules

Spread = Literal["provider_first", "books_first", "by_share"]


class PaymentRules(Rules):
    mixed: Annotated[bool, Level.BRAND] = Field(
        False, description="Whether an order may be paid in several parts, each in a way of its own."
    )
    refunds: Annotated[Spread, Level.BRAND] = Field(
        "provider_first",
        description="Of an order that was paid in parts, what goes back first: what came from providers, what came out"
        " of the brand's own books (stored value), or of each its share.",
    )
