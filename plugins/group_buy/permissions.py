"""What may be done with group purchases."""

from core.permission import Permission

READ = Permission("group_buy.read", "See campaigns of group purchases and their teams")
MANAGE = Permission("group_buy.manage", "Set up, change and end campaigns of group purchases")
