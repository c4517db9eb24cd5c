"""Papers and gifts as they are read."""

from dataclasses import dataclass, replace
from uuid import UUID

from core.vault import Vault

LONGEST_CARD = 300  #: characters


@dataclass(slots=True)
class PaperRow:
    id: UUID
    name: str


@dataclass(slots=True)
class LineRow:
    cart_id: UUID
    variant_id: UUID
    paper_id: UUID
    sealed_card: bytes | None
    card: str | None = None

    def opened(self, vault: Vault) -> "LineRow":
        """The same with what the card says."""
        if self.sealed_card is None:
            return self
        return replace(self, card=str(vault.open(self.sealed_card, place(self.cart_id, self.variant_id))))

    def masked(self) -> "LineRow":
        """What staff see without the permission to read what is personal."""
        return replace(self, card=None)


def place(cart_id: UUID, variant_id: UUID) -> str:
    """Where a card stands; copied to another line it does not open."""
    return f"gift_wrap_line.card:{cart_id}:{variant_id}"
