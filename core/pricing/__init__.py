"""What things cost at a store, what is taken off, and what bringing them costs."""

from core.pricing.adjustments import (
    Adjustment,
    Charge,
    Declined,
    DeliveryOff,
    Effect,
    Offer,
    Pays,
    Percent,
    PriceEach,
    Stage,
    Step,
    TakeOff,
)
from core.pricing.basket import Basket, BasketCode, BasketLine
from core.pricing.delivery import DELIVERY, delivery_fee, fee_at
from core.pricing.permissions import EXPLAIN
from core.pricing.pipeline import Priced, price
from core.pricing.prices import PriceRow, changed, cost, line_total, prices, quantity_for
from core.pricing.rules import PricingRules
from core.pricing.totals import Totals, totals_of

__all__ = [
    "DELIVERY",
    "EXPLAIN",
    "Adjustment",
    "Basket",
    "BasketCode",
    "BasketLine",
    "Charge",
    "Declined",
    "DeliveryOff",
    "Effect",
    "Offer",
    "Pays",
    "Percent",
    "PriceEach",
    "PriceRow",
    "Priced",
    "PricingRules",
    "Stage",
    "Step",
    "TakeOff",
    "Totals",
    "changed",
    "cost",
    "delivery_fee",
    "fee_at",
    "line_total",
    "price",
    "prices",
    "quantity_for",
    "totals_of",
]
