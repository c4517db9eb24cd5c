"""What may be done with money."""

from core.permission import Permission

REFUND = Permission("payments.refund", "Pay an order back, whole or by line")
