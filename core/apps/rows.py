"""Partner apps, and what they were given, as they are read."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class AppRow:
    id: UUID
    name: str
    client_id: str
    secret_hash: bytes | None  #: None: it cannot keep a secret and proves itself by PKCE alone
    scopes: list[str]
    redirect_uris: list[str]
    active: bool
    created_at: datetime

    @property
    def confidential(self) -> bool:
        return self.secret_hash is not None

    def knows(self, secret: str) -> bool:
        """Whether that is the app's secret."""
        return self.secret_hash is not None and hmac.compare_digest(self.secret_hash, hash_of(secret))


@dataclass(slots=True)
class CodeRow:
    """An authorization code."""

    code_hash: bytes
    app_id: UUID
    staff_id: UUID
    redirect_uri: str
    scopes: list[str]
    code_challenge: str
    family: UUID  #: the session that comes of it


def hash_of(secret: str) -> bytes:
    """How a secret is kept: it has 256 random bits, so that a fast hash hides it as well as a slow one."""
    return hashlib.sha256(secret.encode()).digest()
