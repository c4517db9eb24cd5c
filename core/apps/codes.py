"""Authorization codes: what a member of staff gave an app, waiting for a minute to be fetched once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import audit, clock
from core.apps.rows import CodeRow, hash_of
from core.ids import new_id
from core.jobs import forget, forgetting
from core.work import Work

CODE_SECONDS = 60
KEPT = timedelta(days=1)  #: after their end: one that comes a second time should still be known

KEEP = """
INSERT INTO authorization_code (tenant_id, code_hash, app_id, staff_id, redirect_uri, scopes, code_challenge,
    family, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
FIND = """
SELECT code_hash, app_id, staff_id, redirect_uri, scopes, code_challenge, family FROM authorization_code
WHERE tenant_id = $1 AND code_hash = $2
"""
USE = """
UPDATE authorization_code SET used_at = $3
WHERE tenant_id = $1 AND code_hash = $2 AND used_at IS NULL AND expires_at > $3
"""
FORGET = forgetting("authorization_code", "expires_at")


@dataclass(frozen=True, slots=True)
class Consent:
    """Which app may do what for whom; the app must show what the challenge was made of (RFC 7636)."""

    app_id: UUID
    staff_id: UUID
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str  #: S256


async def keep_code(work: Work, code: str, consent: Consent) -> None:
    """Have a code, which must be unguessable, stand for what somebody has consented to."""
    now = clock.now()
    asked = (consent.app_id, consent.staff_id, consent.redirect_uri, list(consent.scopes), consent.code_challenge)
    await work.execute(KEEP, hash_of(code), *asked, new_id(), now + timedelta(seconds=CODE_SECONDS))
    facts = {"scopes": consent.scopes, "redirectUri": consent.redirect_uri}
    await audit.record(work, "app.authorized", "PartnerApp", consent.app_id, after=facts)


async def find_code(work: Work, code: str) -> CodeRow | None:
    """What a code stands for, whether or not it still is good for anything."""
    return await work.row(CodeRow, FIND, hash_of(code))


async def use_code(work: Work, code: CodeRow) -> bool:
    """Use a code up; False when it was used before, or is too old."""
    return await work.execute(USE, code.code_hash, clock.now()) == 1


async def forget_codes(work: Work) -> int:
    """Delete a batch of codes that are long over; returns how many."""
    return await forget(work, FORGET, clock.now() - KEPT)
