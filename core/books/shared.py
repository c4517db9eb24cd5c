"""What several domains say of their tables in the same words."""

from core.books.invariant import Invariant, Scope
from core.database.tables import APP_ROLE, PLATFORM_ROLE

ROLES = f"'{{{APP_ROLE},{PLATFORM_ROLE}}}'::text[]"  #: those that serve


def rights(kinds: str, tables: str) -> str:
    """A SELECT of what the roles that serve may do, of these kinds, to tables; a right on one column is one."""
    return f"""
    SELECT concat_ws(' ', role, kind, c.relname) AS name
    FROM pg_class c CROSS JOIN unnest({ROLES}) AS role CROSS JOIN unnest('{{{kinds}}}'::text[]) AS kind
    WHERE $1::bigint IS NOT NULL AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND {tables}
    AND (has_table_privilege(role, c.oid, kind) OR (
        kind IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(role, c.oid, kind)))
    ORDER BY 1
    """


def written_once(key: str, table: str, sentence: str) -> Invariant:
    """That a table's rows stay as they were written: nobody who serves has the right to change one."""
    broken = rights("UPDATE,DELETE,TRUNCATE", f"c.relname = '{table}'")
    return Invariant(key=key, sentence=sentence, broken=broken, scope=Scope.PLATFORM)


def untold(field: str) -> str:
    """A SELECT of the ids under a name in events that somebody has yet to hear: what follows from them is to come."""
    return f"""
    SELECT (e.payload->>'{field}')::uuid FROM outbox e
    WHERE e.tenant_id = $1 AND e.dispatched_at IS NULL AND e.payload->>'{field}' IS NOT NULL
    UNION ALL SELECT (e.payload->>'{field}')::uuid FROM delivery d
    JOIN outbox e ON e.tenant_id = $1 AND e.id = d.event_id
    WHERE d.tenant_id = $1 AND d.done_at IS NULL AND d.dead_at IS NULL AND e.payload->>'{field}' IS NOT NULL
    """
