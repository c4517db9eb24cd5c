"""What may be done with deliveries."""

from core.permission import Permission

READ = Permission("deliveries.read", "See what deliveries cost and what their providers say")
MANAGE = Permission("deliveries.manage", "Cancel shipments and offer tips for them")
