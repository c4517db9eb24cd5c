"""What may be asked about prices."""

from core.permission import Permission

EXPLAIN = Permission("prices.explain", "See how the price of a cart or an order came about")
