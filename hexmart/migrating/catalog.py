"""What PostgreSQL's catalog says of a database: what a plugin must leave alone, and what it must have made."""

from sqlalchemy import Connection, text

from tenants.keeping_apart import POLICY

#: everything that a migration can make or change, by the table or other thing it belongs to; and the rows that this
#: transaction has written
OBJECTS = """
WITH space AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname NOT IN ('pg_catalog', 'information_schema')
    AND NOT starts_with(nspname, 'pg_toast') AND NOT starts_with(nspname, 'pg_temp')
), relation AS (
    SELECT c.*, CASE s.nspname WHEN 'public' THEN '' ELSE s.nspname || '.' END || c.relname AS name
    FROM pg_class c JOIN space s ON s.oid = c.relnamespace
), thing AS (
    SELECT coalesce(t.name, c.name) AS name, concat_ws(' ', c.name, c.relkind, c.relowner, c.relacl, c.relrowsecurity,
        c.relforcerowsecurity, c.reloptions, c.relfilenode, pg_get_indexdef(i.indexrelid)) AS said
    FROM relation c LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN relation t ON t.oid = i.indrelid
    UNION ALL SELECT c.name, concat_ws(' ', a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attacl, a.attidentity,
        a.attgenerated, a.attisdropped, pg_get_expr(d.adbin, d.adrelid))
    FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE c.relkind <> 'i'
    UNION ALL SELECT c.name, concat_ws(' ', k.conname, k.convalidated, pg_get_constraintdef(k.oid))
    FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid
    UNION ALL SELECT c.name, concat_ws(' ', p.polname, p.polpermissive, p.polroles, p.polcmd,
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relation c JOIN pg_policy p ON p.polrelid = c.oid
    UNION ALL SELECT c.name, concat(pg_get_triggerdef(g.oid), g.tgenabled)
    FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal
    UNION ALL SELECT c.name, pg_get_ruledef(r.oid) FROM relation c JOIN pg_rewrite r ON r.ev_class = c.oid
    UNION ALL SELECT c.name, concat_ws(' ', 'rows', u.n_tup_ins, u.n_tup_upd, u.n_tup_del)
    FROM relation c JOIN pg_stat_xact_user_tables u ON u.relid = c.oid
    UNION ALL SELECT f.proname, concat_ws(' ', md5(pg_get_functiondef(f.oid)), f.proacl, f.proowner)
    FROM pg_proc f JOIN space s ON s.oid = f.pronamespace AND f.prokind IN ('f', 'p')
    UNION ALL SELECT t.typname, concat_ws(' ', t.typowner, t.typacl,
        (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t JOIN space s ON s.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r')
    UNION ALL SELECT s.nspname, concat_ws(' ', 'schema', n.nspowner, n.nspacl)
    FROM space s JOIN pg_namespace n ON n.oid = s.oid
    UNION ALL SELECT e.extname, 'extension ' || e.extversion FROM pg_extension e
    UNION ALL SELECT v.evtname, 'event trigger' FROM pg_event_trigger v
    UNION ALL SELECT 'default rights', a::text FROM pg_default_acl a
)
SELECT name, said FROM thing WHERE NOT starts_with(name, :prefix) AND name <> :version_table
"""
#: as core.database.tenant_table makes them: forced row security by one policy, a primary key that the tenant leads
UNPROTECTED = f"""
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') AND starts_with(c.relname, :prefix)
AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR ARRAY['{POLICY}'] IS DISTINCT FROM (
        SELECT array_agg(concat_ws(' ', p.policyname, p.permissive, p.roles, p.cmd, p.qual, p.with_check))
        FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname)
    OR NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attname = 'tenant_id'))
ORDER BY c.relname
"""


def others(connection: Connection, plugin: str) -> frozenset[tuple[str, str]]:
    """Everything in a database that is not a plugin's, with the name of the table or other thing it belongs to."""
    own = {"prefix": f"{plugin}_", "version_table": f"alembic_version_{plugin}"}
    return frozenset((name, said) for name, said in connection.execute(text(OBJECTS), own))


def unprotected(connection: Connection, plugin: str) -> list[str]:
    """A plugin's tables that do not keep brands apart."""
    return list(connection.scalars(text(UNPROTECTED), {"prefix": f"{plugin}_"}))
