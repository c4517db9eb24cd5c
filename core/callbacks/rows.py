"""Endpoints as they are read."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class EndpointRow:
    id: UUID
    plugin: str
    route: str
    subject: str
