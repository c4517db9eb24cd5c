"""What a brand may decide about carts."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules


class CartRules(Rules):
    settable: ClassVar[Level] = Level.BRAND  # a cart may have no store yet

    most_lines: int = Field(100, gt=0, le=100, description="How many different things a cart may hold.")
    kept_days: int = Field(30, gt=0, le=365, description="How long an untouched cart is kept.")
