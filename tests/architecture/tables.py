"""Which tables there are: a tenant's, and the few that stand above all tenants."""

#: table: why it belongs to no tenant
GLOBAL = {
    "tenant": "it is read to find out who the tenant is",
    "tenant_domain": "the same, by host name",
    "platform_clock": "one clock for the platform",
    "alembic_version": "the migrations' own",
}
#: what happened stays as it was written
APPEND_ONLY = (
    "audit_entry",
    "order_adjustment",
    "order_adjustment_line",
    "order_event",
    "rule_version",
    "stock_movement",
)

#: every other table has to be a tenant's, so that a new one cannot slip through by lacking the column; but for those
#: that say how far the migrations of plugins have come
TENANT_TABLE = """
tenant_table AS (
    SELECT c.oid, c.relname AS name, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') AND c.relname <> ALL ($1::text[])
    AND NOT starts_with(c.relname, 'alembic_version_')
)
"""
