"""What may be done with staff."""

from core.permission import Permission

READ = Permission("staff.read", "See who works for the brand, and in which roles")
MANAGE = Permission("staff.manage", "Invite staff, let them go and end their sessions")
