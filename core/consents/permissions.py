"""What may be done with consents."""

from core.permission import Permission

MANAGE = Permission("consents.manage", "Publish the texts that members agree to")
