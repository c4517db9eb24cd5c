"""Who changed what, and who saw what is personal: written once, never changed."""

from core.audit.permissions import READ
from core.audit.queries import Search, page
from core.audit.rows import AuditEntry
from core.audit.service import record, record_readings

__all__ = ["READ", "AuditEntry", "Search", "page", "record", "record_readings"]
