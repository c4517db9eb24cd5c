"""What is asked of an offer, and who asks."""

from dataclasses import dataclass
from uuid import UUID

from core.ledger import Key

SPENT = "points_mall.spent"


@dataclass(frozen=True, slots=True)
class Want:
    """So many of an offer, for a member, at the price that the member was told."""

    redemption_id: UUID
    offer_id: UUID
    member_id: UUID
    quantity: int
    points: int  #: for one
    minor: int
    store_id: UUID | None
    turn: int = 0  #: how often it was taken again, after it had been given back

    @property
    def place(self) -> tuple[UUID, UUID]:
        return self.offer_id, self.member_id

    @property
    def key(self) -> Key:
        """By what the ledger knows that its points were spent."""
        return Key(SPENT, f"{self.redemption_id}.{self.turn}")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an offer a member has had, and the tier that the member is of."""

    offer_id: UUID
    member_id: UUID
    tier: str | None
    taken: int
    today: int
