"""How PostgreSQL keeps brands apart, proven from its catalog and not from our code."""

from core.books import Invariant, Scope
from core.books.shared import ROLES, rights

#: table: why it belongs to no tenant
GLOBAL = {
    "tenant": "it is read to find out who the tenant is",
    "tenant_domain": "the same, by host name",
    "platform_clock": "one clock for the platform",
    "alembic_version": "the migrations' own",
}
#: every other table has to be a tenant's, so that a new one cannot slip through by lacking the column; but for those
#: that say how far the migrations of plugins have come
TENANT_TABLE = f"""
tenant_table AS (
    SELECT c.oid, c.relname AS name, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
    WHERE $1::bigint IS NOT NULL AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
    AND c.relname <> ALL ('{{{",".join(GLOBAL)}}}'::text[]) AND NOT starts_with(c.relname, 'alembic_version_')
)
"""
#: the tenant is filled in by PostgreSQL from the transaction, so that nobody has to remember it
COLUMN = f"""
WITH {TENANT_TABLE}
SELECT t.name FROM tenant_table t WHERE 'bigint t current_tenant()' IS DISTINCT FROM (
    SELECT concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = t.oid AND a.attname = 'tenant_id'
) ORDER BY t.name
"""
#: PRIMARY KEY, UNIQUE and EXCLUDE are indexes as well
LED = f"""
WITH {TENANT_TABLE}
SELECT i.indexrelid::regclass::text AS name FROM tenant_table t JOIN pg_index i ON i.indrelid = t.oid
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
WHERE a.attname IS DISTINCT FROM 'tenant_id'
UNION ALL SELECT t.name FROM tenant_table t
WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary) ORDER BY 1
"""
#: SET NULL and SET DEFAULT without a list of columns would take the tenant away with the rest
REFERS = f"""
WITH {TENANT_TABLE}
SELECT k.conname AS name FROM tenant_table t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
JOIN pg_attribute own ON own.attrelid = k.conrelid AND own.attnum = k.conkey[1]
JOIN pg_attribute other ON other.attrelid = k.confrelid AND other.attnum = k.confkey[1]
WHERE own.attname <> 'tenant_id' OR other.attname <> 'tenant_id'
   OR (k.confdeltype IN ('n', 'd') AND k.confdelsetcols IS NULL) ORDER BY 1
"""
#: permissive policies add up, so a second one would open what the first one closes
POLICY = "tenant PERMISSIVE {public} ALL (tenant_id = current_tenant()) (tenant_id = current_tenant())"
ROW_SECURITY = f"""
WITH {TENANT_TABLE}
SELECT t.name FROM tenant_table t
WHERE NOT (t.relrowsecurity AND t.relforcerowsecurity) OR ARRAY['{POLICY}'] IS DISTINCT FROM (
    SELECT array_agg(concat_ws(' ', p.policyname, p.permissive, p.roles, p.cmd, p.qual, p.with_check))
    FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.name
) ORDER BY t.name
"""
#: a view shows what its owner may see; a definer's function does what its owner may do
BYPASSES = """
SELECT relname AS name FROM pg_class
WHERE $1::bigint IS NOT NULL AND relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1
"""
TRIGGERS = f"""
WITH {TENANT_TABLE}
SELECT g.tgname AS name FROM pg_trigger g JOIN tenant_table t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL SELECT r.rulename FROM pg_rewrite r JOIN tenant_table t ON t.oid = r.ev_class ORDER BY 1
"""
#: of a role, and of whatever it could become by SET ROLE
POWERS = f"""
SELECT rolname::text AS name FROM pg_roles WHERE $1::bigint IS NOT NULL AND rolname = ANY ({ROLES})
AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
UNION ALL SELECT concat(m.rolname, ' is ', r.rolname) FROM pg_roles m CROSS JOIN pg_roles r
WHERE m.rolname = ANY ({ROLES}) AND r.rolname <> m.rolname AND pg_has_role(m.oid, r.oid, 'MEMBER') ORDER BY 1
"""
OWNED = f"""
SELECT relname AS name FROM pg_class
WHERE $1::bigint IS NOT NULL AND pg_get_userbyid(relowner) = ANY ({ROLES})
UNION ALL SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = ANY ({ROLES})
UNION ALL SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = ANY ({ROLES})
OR EXISTS (SELECT FROM unnest({ROLES}) AS role WHERE has_schema_privilege(role, oid, 'CREATE')) ORDER BY 1
"""

_SENTENCES = {
    "tenants.column": ("Every row of a brand says whose it is.", COLUMN),
    "tenants.keys": ("The brand leads every key and index.", LED),
    "tenants.references": ("No row refers to another brand's.", REFERS),
    "tenants.row_security": ("Every table of brands is under forced row-level security.", ROW_SECURITY),
    "tenants.bypasses": ("No view and no function goes round row-level security.", BYPASSES),
    "tenants.triggers": ("No table does more than its statements say.", TRIGGERS),
    "tenants.powers": ("The roles that serve have no powers, and can become no other role.", POWERS),
    "tenants.owned": ("The roles that serve own nothing and make nothing.", OWNED),
    "tenants.rewiring": (
        "The roles that serve can neither empty a table nor rewire one.",
        rights("TRUNCATE,REFERENCES,TRIGGER", "true"),
    ),
}
INVARIANTS = [
    Invariant(key=key, sentence=sentence, broken=broken, scope=Scope.PLATFORM)
    for key, (sentence, broken) in _SENTENCES.items()
]
