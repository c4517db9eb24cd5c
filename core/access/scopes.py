"""What a role is given for."""

from dataclasses import dataclass
from uuid import UUID

EVERY_STORE = "*"
_REGION = "region:"


@dataclass(frozen=True, slots=True)
class Scope:
    """A store, the stores of a region with those that are still to come, or, with neither, every store."""

    store_id: UUID | None = None
    region_id: UUID | None = None

    @property
    def name(self) -> str:
        """As the policy has it."""
        return f"{_REGION}{self.region_id}" if self.region_id is not None else str(self.store_id or EVERY_STORE)

    @property
    def facts(self) -> dict[str, object]:
        """As the audit log has it."""
        if self.region_id is not None:
            return {"region": self.region_id}
        return {"everywhere": True} if self.store_id is None else {"store": self.store_id}

    @classmethod
    def named(cls, name: str) -> "Scope":
        """The scope of that name."""
        if name == EVERY_STORE:
            return EVERYWHERE
        key = UUID(name.removeprefix(_REGION))
        return cls(region_id=key) if name.startswith(_REGION) else cls(store_id=key)


EVERYWHERE = Scope()
