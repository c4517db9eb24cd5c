"""One-time codes: hashed, short-lived, counted, taken once."""

import hmac
from datetime import timedelta

from core import clock, notices
from core.identity.errors import too_soon
from core.identity.notices import ONE_TIME_CODE
from core.identity.rules import DemoRules, IdentityRules
from core.ids import new_digits
from core.notices import Notice
from core.work import Work

DIGITS = 6
SIGN_IN = "sign-in"  #: a code is good for what it was asked for, and for nothing else

KEEP = """
INSERT INTO one_time_code (tenant_id, phone_index, code_hash, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, phone_index) DO UPDATE
SET code_hash = excluded.code_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at, tries = 0
WHERE one_time_code.sent_at <= $6
"""
# A wrong try is counted by the statement that reads the code, so that parallel guesses cannot share one count.
TRY = """
UPDATE one_time_code SET tries = tries + 1
WHERE tenant_id = $1 AND phone_index = $2 AND tries < $3 AND expires_at > $4 RETURNING code_hash
"""
TAKE = "DELETE FROM one_time_code WHERE tenant_id = $1 AND phone_index = $2 AND code_hash = $3"


async def request_code(work: Work, phone: str, purpose: str = SIGN_IN) -> None:
    """Send a code to a phone (E.164), not more often than the rule allows; the one sent before is good no more."""
    rules, fixed, now = work.rules(IdentityRules), work.rules(DemoRules).fixed_code, clock.now()
    code = fixed or new_digits(DIGITS)
    expires, not_since = now + timedelta(minutes=rules.code_minutes), now - timedelta(seconds=rules.resend_seconds)
    hashed = _hash(work, purpose, phone, code)
    if not await work.execute(KEEP, work.vault.index(phone, "phone"), hashed, now, expires, not_since):
        raise too_soon(rules.resend_seconds, path=("input", "phone"))
    if fixed is None:
        await notices.send(work, Notice(ONE_TIME_CODE, phone, {"code": code}, work.language))


async def take_code(work: Work, phone: str, code: str, purpose: str = SIGN_IN) -> bool:
    """Use a code up; a wrong one is counted, so the caller must commit either way."""
    rules, index = work.rules(IdentityRules), work.vault.index(phone, "phone")
    kept: bytes | None = await work.value(TRY, index, rules.code_tries, clock.now())
    if kept is None or not hmac.compare_digest(kept, _hash(work, purpose, phone, code)):
        return False
    return await work.execute(TAKE, index, kept) == 1


def _hash(work: Work, purpose: str, phone: str, code: str) -> bytes:
    return work.vault.index(f"{purpose}:{phone}:{code}", "one_time_code")
