"""Partner apps as they are read."""

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
