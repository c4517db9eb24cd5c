"""Who changed what, and who saw what is personal: written once, never changed."""

from core.audit.permissions import READ
from core.audit.queries import Search, count, page
from core.audit.rows import AuditEntry
from core.audit.service import record, record_each, record_each_if_staff, record_if_staff, record_readings

__all__ = [
    "READ",
    "AuditEntry",
    "Search",
    "count",
    "page",
    "record",
    "record_each",
    "record_each_if_staff",
    "record_if_staff",
    "record_readings",
]
