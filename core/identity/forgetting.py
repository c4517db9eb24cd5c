"""What sign-in leaves behind, deleted when nobody can bring it any more."""

from datetime import timedelta

from core import clock
from core.identity.rules import IdentityRules
from core.jobs import forget, forgetting
from core.work import Work

KEPT = timedelta(days=1)  #: after its end: the wait between two messages is counted by what was sent before

CODES = forgetting("one_time_code", "expires_at")
TICKETS = forgetting("staff_ticket", "expires_at")
ATTEMPTS = forgetting("openid_attempt", "expires_at")
TOKENS = forgetting("refresh_token", "expires_at")
SESSIONS = forgetting("ended_session", "until")


async def forget_ended(work: Work) -> int:
    """Delete a batch of codes, tickets, attempts, tokens and sessions that are long over; returns how many."""
    now = clock.now()
    gone = [await forget(work, statement, now - KEPT) for statement in (CODES, TICKETS, ATTEMPTS, TOKENS)]
    # a session that was renewed at the moment it ended could be renewed again for as long
    renewable = timedelta(days=work.rules(IdentityRules).refresh_days)
    return sum(gone) + await forget(work, SESSIONS, now - renewable)
