"""Facts about gift wrapping: ids and no personal data, since they are kept."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CardsListed(Event):
    order_id: UUID
