"""What may be done with the audit log."""

from core.permission import Permission

READ = Permission("audit.read", "Search the audit log")
