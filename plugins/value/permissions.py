"""What may be done with stored value."""

from core.permission import Permission

REFUND = Permission("value.refund", "See what members have paid in, and pay back what of it is not spent")
