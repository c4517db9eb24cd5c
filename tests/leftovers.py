"""What sign-in and keys leave behind, as many rows of it as one likes."""

from collections.abc import Sequence
from datetime import datetime

from core.work import Work

PEOPLE = """
INSERT INTO staff (tenant_id, id, email, email_index, name, created_at)
SELECT $1, gen_random_uuid(), 'x', 'left' || int8send(n), 'x', now() FROM generate_series(1, $2::int) n
"""
PROVIDER = """
INSERT INTO identity_provider (tenant_id, id, name, issuer, client_id)
VALUES ($1, gen_random_uuid(), 'left', 'https://login.example', 'x')
"""
APP = """
INSERT INTO partner_app (tenant_id, id, name, client_id, scopes, redirect_uris, created_at)
VALUES ($1, gen_random_uuid(), 'left', 'left', '{}', '{}', now())
"""
ENDS = "unnest($2::timestamptz[]) WITH ORDINALITY AS ends(at, n)"
SOMEBODY = "(SELECT id, row_number() OVER () AS n FROM staff WHERE tenant_id = $1 AND email_index LIKE 'left%')"

#: rows that end at the moments $2, by their table
LEFTOVERS = {
    "one_time_code": f"""
INSERT INTO one_time_code (tenant_id, phone_index, code_hash, sent_at, expires_at)
SELECT $1, int8send(n), 'x', at, at FROM {ENDS}
""",
    "staff_ticket": f"""
INSERT INTO staff_ticket (tenant_id, staff_id, token_hash, purpose, issued_at, expires_at)
SELECT $1, s.id, int8send(s.n), 'RESET', at, at FROM {ENDS} JOIN {SOMEBODY} s ON s.n = ends.n
""",
    "openid_attempt": f"""
INSERT INTO openid_attempt (tenant_id, state_hash, provider_id, secrets, expires_at)
SELECT $1, int8send(n), p.id, 'x', at FROM {ENDS}, identity_provider p WHERE p.tenant_id = $1 AND p.name = 'left'
""",
    "refresh_token": f"""
INSERT INTO refresh_token (tenant_id, token_hash, family, subject_kind, subject_id, issued_at, expires_at)
SELECT $1, int8send(n), gen_random_uuid(), 'member', gen_random_uuid(), at, at FROM {ENDS}
""",
    "ended_session": f"INSERT INTO ended_session (tenant_id, id, until) SELECT $1, gen_random_uuid(), at FROM {ENDS}",
    "authorization_code": f"""
INSERT INTO authorization_code (tenant_id, code_hash, app_id, staff_id, redirect_uri, scopes, code_challenge,
    expires_at, family)
SELECT $1, int8send(ends.n), a.id, s.id, 'x', '{{}}', 'x', at, gen_random_uuid()
FROM {ENDS} JOIN {SOMEBODY} s ON s.n = ends.n, partner_app a WHERE a.tenant_id = $1 AND a.client_id = 'left'
""",
    "idempotency_key": f"""
INSERT INTO idempotency_key (tenant_id, operation, caller, key, request_hash, created_at)
SELECT $1, 'left', 'guest', n::text, 'x', at FROM {ENDS}
""",
}


async def leave(work: Work, tables: Sequence[str], ends: Sequence[datetime]) -> None:
    """Leave a row in each table for each moment, over at that moment."""
    await work.execute(PEOPLE, len(ends))
    for statement in (PROVIDER, APP, *[LEFTOVERS[table] for table in tables]):
        await work.execute(statement, *([list(ends)] if "$2" in statement else []))
