"""What things cost at a store, what is taken off, and what bringing them costs."""

from core.pricing.adjustments import (
    Adjustment,
    Charge,
    Declined,
    DeliveryOff,
    Effect,
    Offer,
    Percent,
    PriceEach,
    Stage,
    Step,
    TakeOff,
)
from core.pricing.basket import Basket, BasketCode, BasketLine
from core.pricing.delivery import delivery_is_free
from core.pricing.prices import PriceRow, line_total, prices
from core.pricing.rules import PricingRules
from core.pricing.totals import Totals, total, totals_of

__all__ = [
    "Adjustment",
    "Basket",
    "BasketCode",
    "BasketLine",
    "Charge",
    "Declined",
    "DeliveryOff",
    "Effect",
    "Offer",
    "Percent",
    "PriceEach",
    "PriceRow",
    "PricingRules",
    "Stage",
    "Step",
    "TakeOff",
    "Totals",
    "delivery_is_free",
    "line_total",
    "prices",
    "total",
    "totals_of",
]
