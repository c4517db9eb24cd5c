"""What may be done with the places of a brand."""

from core.permission import Permission

MANAGE_WAREHOUSES = Permission("warehouses.manage", "Open warehouses, and close them")
