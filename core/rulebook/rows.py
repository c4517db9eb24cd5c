"""Rules as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from core.rules import Place


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A value that somebody gave a rule, or took from it."""

    version: int
    key: str
    region_id: UUID | None
    store_id: UUID | None
    stored: str | None  #: JSON
    effective_from: datetime
    set_at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    reason: str | None
    restores: int | None  #: the version whose value this is

    @property
    def value(self) -> object:
        return orjson.loads(self.stored) if self.stored is not None else None

    @property
    def place(self) -> Place:
        return Place(self.region_id, self.store_id)


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule as it stands in a place."""

    key: str
    description: str
    json_schema: object
    default: object  #: what holds where the brand has decided nothing
    value: object
    scope: str  #: where the value comes from
    settable_for: list[str]
    version: int | None  #: that gives the value
    effective_from: datetime | None
    next_version: int | None  #: that is still to take effect
