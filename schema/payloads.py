"""What a mutation answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry

from schema.errors import UserError, Warning  # noqa: A004 - the public contract's word
from schema.fields import field as described


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning: it was done, and the caller should know this as well."""

    code: str
    message: str
    target_id: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a mutation did: the entity to show, remarks, and the payload's further fields."""

    entity: Any
    warnings: Sequence[Remark] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@strawberry.type(description="What every mutation says.")
class Payload:
    user_errors: list[UserError] = described("Why nothing was done; empty when it was.")
    warnings: list[Warning] = described("Remarks on what was done.")
