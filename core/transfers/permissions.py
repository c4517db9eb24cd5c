"""What may be done with transfers."""

from core.permission import Permission

MANAGE = Permission("transfers.manage", "Ask for stock of another place, send it and receive it")
