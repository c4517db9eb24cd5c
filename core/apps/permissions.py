"""What may be done with partner apps."""

from core.permission import Permission

MANAGE = Permission("apps.manage", "Let partners' apps in, choose what they may do, and shut them out")
