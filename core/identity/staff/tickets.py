"""Tickets: secrets sent by e-mail, each good for choosing a password once. A person has one, the newest."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from core import clock
from core.identity.rules import IdentityRules
from core.ids import new_secret
from core.work import Work

KEEP = """
INSERT INTO staff_ticket (tenant_id, staff_id, token_hash, purpose, issued_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, staff_id) DO UPDATE SET token_hash = excluded.token_hash, purpose = excluded.purpose,
    issued_at = excluded.issued_at, expires_at = excluded.expires_at
WHERE staff_ticket.issued_at <= $7
"""
HOLDER = """
SELECT staff_id FROM staff_ticket WHERE tenant_id = $1 AND token_hash = $2 AND purpose = $3 AND expires_at > $4
"""
TAKE = """
DELETE FROM staff_ticket
WHERE tenant_id = $1 AND staff_id = $2 AND token_hash = $3 AND purpose = $4 AND expires_at > $5
"""
VOID = "DELETE FROM staff_ticket WHERE tenant_id = $1 AND staff_id = $2"


class Purpose(StrEnum):
    INVITE = "INVITE"
    RESET = "RESET"

    def lifetime(self, rules: IdentityRules) -> timedelta:
        """How long such a ticket is good."""
        if self is Purpose.INVITE:
            return timedelta(hours=rules.invitation_hours)
        return timedelta(minutes=rules.reset_minutes)


async def issue(work: Work, staff_id: UUID, purpose: Purpose) -> str | None:
    """A new ticket, which takes the place of any other; None where one was issued a moment ago."""
    rules, token, now = work.rules(IdentityRules), new_secret(), clock.now()
    expires, not_since = now + purpose.lifetime(rules), now - timedelta(seconds=rules.resend_seconds)
    kept = (staff_id, _hash(work, token), purpose, now, expires, not_since)
    return token if await work.execute(KEEP, *kept) else None


async def holder(work: Work, token: str, purpose: Purpose) -> UUID | None:
    """Whom a ticket was issued to, if it is still good."""
    found: UUID | None = await work.value(HOLDER, _hash(work, token), purpose, clock.now())
    return found


async def take(work: Work, staff_id: UUID, token: str, purpose: Purpose) -> bool:
    """Use a ticket up; of several who try, one does."""
    return await work.execute(TAKE, staff_id, _hash(work, token), purpose, clock.now()) == 1


async def void(work: Work, staff_id: UUID) -> None:
    """Take back whatever ticket a person has."""
    await work.execute(VOID, staff_id)


def _hash(work: Work, token: str) -> bytes:
    return work.vault.index(token, "staff_ticket")
