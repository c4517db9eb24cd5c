"""What may be done with money."""

from core.access.permission import Permission

REFUND = Permission("payments.refund", "Pay an order back, whole or by line")
