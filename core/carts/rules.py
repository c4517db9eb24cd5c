"""What a brand may decide about carts."""

from pydantic import Field

from core.rules import Rules


class CartRules(Rules):
    kept_days: int = Field(30, gt=0, description="How long an untouched cart is kept.")
