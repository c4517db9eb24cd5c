"""What may be done with stock."""

from core.permission import Permission

READ = Permission("stock.read", "See stock on hand and reserved")
ADJUST = Permission("stock.adjust", "Correct stock on hand, or set it to a count")
