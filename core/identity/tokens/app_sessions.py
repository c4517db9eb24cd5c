"""Sessions of partners' apps, by the tokens that renew them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock
from core.identity.tokens.refresh_tokens import hash_of
from core.work import Work

FIND = """
SELECT family, on_behalf_of, coalesce(scopes, '{}'), issued_at, expires_at,
    used_at IS NOT NULL OR revoked_at IS NOT NULL FROM refresh_token
WHERE tenant_id = $1 AND token_hash = $2 AND subject_kind = 'app' AND subject_id = $3
"""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A refresh token of an app."""

    session: UUID
    on_behalf_of: UUID | None
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime
    used_up: bool

    @property
    def good(self) -> bool:
        """Whether it renews the session still."""
        return not self.used_up and self.expires_at > clock.now()


async def renewal(work: Work, refresh_token: str, app_id: UUID) -> Renewal | None:
    """What a refresh token was given for, if it was given to this app."""
    return await work.row(Renewal, FIND, hash_of(refresh_token), app_id)
