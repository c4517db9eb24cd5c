"""What a brand may decide about barcodes."""

from pydantic import Field

from core.rules import Rules

_PREFIXES = r"^(2[0-9]( 2[0-9])*)?$"
_LONGEST = 29  # all ten of them


class CatalogRules(Rules):
    weight_prefixes: str = Field(
        "20 21 22 23 24",
        pattern=_PREFIXES,
        max_length=_LONGEST,
        description="How the labels of scales begin that say what a bag weighs, in grams: 20 to 29, between spaces.",
    )
    price_prefixes: str = Field(
        "25 26 27 28 29",
        pattern=_PREFIXES,
        max_length=_LONGEST,
        description="How the labels of scales begin that say what a bag costs, in minor units.",
    )
