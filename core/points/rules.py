"""What a brand may decide about points."""

from typing import Annotated

from pydantic import Field

from core.rules import Level, Rules, Subject, Variable

Percent = Annotated[int, Field(ge=0, le=10_000)]
PURCHASE = Subject(
    "purchase",
    (
        Variable("fulfilment", "string", "DELIVERY, PICKUP, IN_STORE (a till's sale) or SCAN_AND_GO."),
        Variable("paid", "int", "What was paid for the goods, in minor units."),
        Variable("lines", "int", "How many different things were bought."),
        Variable("tier", "string", "The member's tier; empty where there is none."),
        Variable("store", "string", "The code of the store."),
        Variable("weekday", "int", "1 is Monday, 7 is Sunday, where the brand is."),
        Variable("day", "int", "The day of the month, where the brand is."),
        Variable("hour", "int", "0 to 23, where the brand is."),
    ),
)


class PointsRules(Rules):
    minor_per_point: int = Field(
        0, ge=0, le=10**9, description="For how many minor units paid for goods a member earns a point; 0: for none."
    )
    more_when: Annotated[str, PURCHASE] = Field(
        "", description="A purchase of which this holds earns `points.more_percent` of the points; empty: none does."
    )
    more_percent: Percent = Field(200, description="How much of the usual points such a purchase earns, in percent.")
    category_percent: Annotated[dict[str, Percent], Level.BRAND] = Field(
        {},
        max_length=200,
        description="The same of goods in these categories, by slug; the nearest one of a product counts.",
    )
    minor_each: int = Field(
        0, ge=0, le=10**6, description="What a point pays at checkout, in minor units; 0: points do not pay."
    )
    step: int = Field(1, ge=1, le=10**6, description="Points pay in multiples of this.")
    most_percent: int = Field(
        100, ge=1, le=100, description="How much of an order's goods points pay at most, in percent."
    )
    valid_months: int = Field(
        12,
        ge=0,
        le=120,
        description="For how many months points are good, to the end of the last of them; 0: for ever.",
    )
