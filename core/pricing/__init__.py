"""What things cost at a store, and what bringing them costs."""

from core.pricing.prices import PriceRow, line_total, prices
from core.pricing.rules import PricingRules
from core.pricing.totals import Totals, total, totals_of

__all__ = ["PriceRow", "PricingRules", "Totals", "line_total", "prices", "total", "totals_of"]
