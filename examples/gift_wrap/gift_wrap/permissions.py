"""What may be done with gift wrapping."""

from core.permission import Permission

MANAGE = Permission("gift_wrap.manage", "Choose the papers that gifts are wrapped in")
