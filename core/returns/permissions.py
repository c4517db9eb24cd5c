"""What may be done with returns."""

from core.permission import Permission

READ = Permission("returns.read", "See what buyers bring back to one's stores")
MANAGE = Permission("returns.manage", "Approve and reject returns, and pay them back")
RECEIVE = Permission("returns.receive", "Take goods back that may come, and hand out replacements")
