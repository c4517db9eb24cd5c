"""What may be done with notices."""

from core.permission import Permission

MANAGE = Permission("notices.manage", "Choose the words in which people are told things")
