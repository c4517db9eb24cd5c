"""What may be done with the points mall."""

from core.permission import Permission

READ = Permission("points_mall.read", "See every offer of the points mall, and what members have redeemed")
MANAGE = Permission("points_mall.manage", "Make, change and end offers of the points mall")
