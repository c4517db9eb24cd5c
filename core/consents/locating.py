"""Where members are, roughly and for a while, as long as they agree to it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from core import clock
from core.consents.errors import ConsentMissing
from core.consents.purpose import LOCATION
from core.consents.queries import allows
from core.consents.rows import LocationRow
from core.consents.rules import ConsentRules
from core.consents.turn import take
from core.jobs import forget, forgetting
from core.stores.places import GeoPoint
from core.work import Work

KEEP = """
INSERT INTO member_location (tenant_id, member_id, cell, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, member_id) DO UPDATE
SET cell = excluded.cell, seen_at = excluded.seen_at, expires_at = excluded.expires_at
"""
FORGET = "DELETE FROM member_location WHERE tenant_id = $1 AND member_id = $2"
KNOWN = """
SELECT member_id, cell, seen_at, expires_at FROM member_location
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND expires_at > (SELECT app_now())
"""
FORGET_EXPIRED = forgetting("member_location", "expires_at")
IS_DUE = "SELECT 1 FROM member_location WHERE tenant_id = $1 AND expires_at < (SELECT app_now())"


async def locate(work: Work, member_id: UUID, point: GeoPoint) -> LocationRow:
    """Keep the part of town that a member is in; the point itself is kept nowhere."""
    await take(work, member_id)  # who withdraws meanwhile finds it, and has it forgotten
    if not await allows(work, [member_id], LOCATION):
        raise ConsentMissing(purpose=LOCATION)
    rules, now = work.rules(ConsentRules), clock.now()
    row = LocationRow(member_id, point.cell(rules.location_resolution), now, now + timedelta(days=rules.location_days))
    await work.execute(KEEP, member_id, row.cell, row.seen_at, row.expires_at)
    return row


async def locations(work: Work, member_ids: Collection[UUID]) -> dict[UUID, LocationRow]:
    """Where these members were last, of whom it is known and who agree to it."""
    agreeing = await allows(work, member_ids, LOCATION)
    found = await work.rows(LocationRow, KNOWN, sorted(agreeing)) if agreeing else ()
    return {row.member_id: row for row in found}


async def forget_expired(work: Work) -> int:
    """Forget where somebody was too long ago."""
    return await forget(work, FORGET_EXPIRED, clock.now())
