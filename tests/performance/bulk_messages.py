"""What some thousand members were told and have agreed to; $2 of every statement are the members."""

#: three to each member by either channel, of which one is unread and some are old
MESSAGES = """
INSERT INTO message (tenant_id, id, kind, purpose, source, member_id, channel, content, status, at, settled_at, read_at)
SELECT $1, gen_random_uuid(), 'orders.ready', 'SERVICE', n::text, m.id, c, 'x', 'SENT', now() - n * interval '40 days',
    now(), CASE WHEN n > 1 THEN now() END
FROM unnest($2::uuid[]) AS m(id), generate_series(1, 3) n, unnest('{inbox,log}'::text[]) c
"""
TEXTS = """
INSERT INTO consent_text (tenant_id, purpose, version, texts, renews, published_at, actor)
SELECT $1, 'purpose ' || n % 50, n, '{"zh": "x"}', n % 9 = 0, now(), 'x'
FROM unnest($2::uuid[]) WITH ORDINALITY AS m(id, n)
"""
CONSENTS = """
INSERT INTO consent (tenant_id, member_id, purpose, number, given, version, at, actor)
SELECT $1, m.id, p, n, n <> 2, 0, now(), 'x'
FROM unnest($2::uuid[]) AS m(id), unnest('{MARKETING,LOCATION}'::text[]) p, generate_series(1, 3) n
"""
PLACES = """
INSERT INTO member_location (tenant_id, member_id, cell, seen_at, expires_at)
SELECT $1, m.id, 1, now(), now() + interval '1 min' * (m.n - 20) FROM unnest($2::uuid[]) WITH ORDINALITY AS m(id, n)
"""
LANGUAGES = "INSERT INTO notice_choice (tenant_id, member_id, language) SELECT $1, m, 'en' FROM unnest($2::uuid[]) m"

ADD = (MESSAGES, TEXTS, CONSENTS, PLACES, LANGUAGES)
