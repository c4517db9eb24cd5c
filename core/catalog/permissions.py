"""What may be done with the catalog."""

from core.permission import Permission

MANAGE = Permission("catalog.manage", "Make bundles of variants, change them and end them")
