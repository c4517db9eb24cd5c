"""What a token says."""

from dataclasses import dataclass
from uuid import UUID

from core.actors import ActorKind


@dataclass(frozen=True, slots=True)
class Claims:
    """Who, in which session, and for an app the scopes and the member of staff it acts for."""

    kind: ActorKind
    id: UUID
    session: UUID
    on_behalf_of: UUID | None = None
    scopes: tuple[str, ...] = ()
