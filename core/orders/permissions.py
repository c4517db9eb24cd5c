"""What may be done with orders."""

from core.permission import Permission

READ = Permission("orders.read", "See the orders of one's stores")
FULFIL = Permission("orders.fulfil", "Accept, prepare, hand over or reject orders")
VERIFY = Permission("orders.verify", "Verify a pickup or exit code")
CANCEL = Permission("orders.cancel", "Cancel somebody's order")
RECORD_SALE = Permission("orders.record_sale", "Record a till's sale")
