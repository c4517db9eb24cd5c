"""PostgreSQL: engines, tables under row-level security, transactions bound to a tenant."""

from core.database.base import Base, TenantScoped
from core.database.engine import create_engine
from core.database.lending import LOST
from core.database.statements import Tables, tables_of
from core.database.tables import tenant_table
from core.database.transaction import Transaction, begin, send
from core.database.writes import Write, Writes

__all__ = [
    "LOST",
    "Base",
    "Tables",
    "TenantScoped",
    "Transaction",
    "Write",
    "Writes",
    "begin",
    "create_engine",
    "send",
    "tables_of",
    "tenant_table",
]
