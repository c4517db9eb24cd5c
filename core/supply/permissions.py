"""What may be done about supply."""

from core.permission import Permission

PURCHASING_READ = Permission("purchasing.read", "See suppliers, purchase orders and receipts")
PURCHASING_MANAGE = Permission("purchasing.manage", "Keep suppliers, and order goods from them")
RECEIVE = Permission("stock.receive", "Record goods that have come in")
COUNT = Permission("stock.count", "Count what lies at a place")
CLOSE_COUNT = Permission("stock.close_count", "End a count, and bring the books in line with it")
RECONCILE = Permission("stock.reconcile", "Hold stock against another system's numbers, and take those over")
