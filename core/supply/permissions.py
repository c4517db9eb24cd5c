"""What may be done about supply."""

from core.permission import Permission

PURCHASING_READ = Permission("purchasing.read", "See suppliers, purchase orders and receipts")
PURCHASING_MANAGE = Permission("purchasing.manage", "Keep suppliers, and order goods from them")
RECEIVE = Permission("stock.receive", "Record goods that have come in")
