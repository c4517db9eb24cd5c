"""What the platform's operator may do with brands, and a brand with itself."""

from core.permission import Permission

CREATE = Permission("tenants.create", "Create a brand", platform=True)
SUSPEND = Permission("tenants.suspend", "Suspend a brand", platform=True)
PLANS = Permission("tenants.plans", "Put a brand on another plan, and see what it uses", platform=True)
CONFIGURE = Permission("brand.configure", "Change the brand's own settings: its web shops, its sign-in providers")
READ_PLUGINS = Permission("plugins.read", "See which plugins there are, what they are set to and how they do")
MANAGE_PLUGINS = Permission("plugins.manage", "Switch plugins on and off, and change what they are set to")
