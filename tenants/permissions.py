"""What the platform's operator may do."""

from core.access import Permission

CREATE = Permission("tenants.create", "Create a brand")
SUSPEND = Permission("tenants.suspend", "Suspend a brand")
