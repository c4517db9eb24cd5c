"""Who is acting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    ANONYMOUS = "guest"
    MEMBER = "member"
    STAFF = "staff"
    APP = "app"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    address: str = ""  #: of the network
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    grants: Mapping[str, frozenset[UUID] | None] = field(default_factory=dict)  #: permission -> stores, None: all
    session: UUID | None = None  #: the family of refresh tokens that it is signed in by
    on_behalf_of: UUID | None = None  #: the member of staff whom an app acts for
    origin: Origin = Origin()

    @property
    def label(self) -> str:
        """How the actor stands in timelines and idempotency keys."""
        return f"{self.kind}:{self.id or self.name}" if self.id or self.name else str(self.kind)

    def may(self, permission: str, store_id: UUID | None = None) -> bool:
        """Whether the actor holds the permission; with a store, whether it reaches that store."""
        if permission not in self.grants:
            return self.kind == ActorKind.SYSTEM
        stores = self.grants[permission]
        return stores is None or store_id is None or store_id in stores

    def stores(self, permission: str) -> list[UUID] | None:
        """The stores a permission reaches; None means all of them."""
        stores = self.grants.get(permission, frozenset()) if self.kind != ActorKind.SYSTEM else None
        return None if stores is None else sorted(stores)

    def coming_from(self, origin: Origin) -> "Actor":
        """The same actor, as it calls in one request."""
        return replace(self, origin=origin)


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def member(member_id: UUID) -> Actor:
    """A signed-in shopper."""
    return Actor(ActorKind.MEMBER, member_id)


def system(name: str) -> Actor:
    """Hexmart itself, which may do everything: a job, a subscriber, a batch."""
    return Actor(ActorKind.SYSTEM, name=name)
