"""PostgreSQL: engines, tables under row-level security, transactions bound to a tenant."""

from core.database.base import Base, TenantScoped
from core.database.engine import create_engine
from core.database.tables import tenant_table
from core.database.transaction import Transaction, begin

__all__ = ["Base", "TenantScoped", "Transaction", "begin", "create_engine", "tenant_table"]
