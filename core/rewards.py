"""What one plugin gives a member on behalf of another, which does not know it: a coupon for points."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reward:
    """What can be given, again and again: by the type and the key that its global id names."""

    kind: str
    subject_id: UUID
