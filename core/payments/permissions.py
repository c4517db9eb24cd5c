"""What may be done with money."""

from core.permission import Permission

COLLECT = Permission("payments.collect", "Take money for an order at the counter of its store")
REFUND = Permission("payments.refund", "Pay an order back, whole or by line")
