"""How the surface is declared: fields of rows, batched relations, queries and mutations."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from inspect import cleandoc
from typing import Any, Literal, TypeVar, get_origin

import strawberry

from core.errors import DomainError
from core.extensions import plugin_of
from core.orders import Topic
from core.permission import Permission
from core.work import Work
from schema import relay
from schema.context import Info

Class = TypeVar("Class", bound=type)
Resolver = Callable[..., Awaitable[Any]]
Reveal = Callable[[Work, DomainError], Awaitable[Any]]
Follows = Callable[..., Awaitable[Topic]]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a root field: anyone, whoever is signed in, or whoever holds a permission."""

    requires: str | None


PUBLIC = Access(None)
MEMBER = Access("member")
STAFF = Access("staff")  #: any member of staff who is signed in
SIGNED_IN = Access("signed-in")  #: a member, a member of staff or an app


class Served(Enum):
    """Where a root field answers."""

    BY_BRANDS = auto()
    BY_PLATFORM = auto()  #: at the operator's reserved tenant only
    BY_BOTH = auto()  #: there and at brands
    EVERYWHERE = auto()  #: there, at brands, and at brands that are suspended


@dataclass(frozen=True, slots=True)
class Relation:
    """A field that is resolved for all parents of a level at once."""

    owner: type
    gives: Any
    resolve: Callable[..., Awaitable[Sequence[Any]]]
    cost: int
    name: str
    many: bool  #: whether it gives each parent a list
    shared: bool  #: whether answers that show it may be kept for others; not what changes with the time of day

    @property
    def plugin(self) -> str | None:
        """The plugin that declares it; None: Hexmart itself."""
        return plugin_of(self.resolve.__module__)

    def __call__(self, parents: Sequence[Any], info: Info, **arguments: Any) -> Awaitable[Sequence[Any]]:
        return self.resolve(parents, info, **arguments)

    def spent(self, results: Sequence[Any]) -> int:
        """What these results have cost: a list as much as it is long."""
        if self.cost and self.many:  # what is no list at all, completing it will find out
            return sum(len(result) for result in results if isinstance(result, list))
        return self.cost * len(results)


@dataclass(frozen=True, slots=True)
class Root:
    """A field of Query, Mutation or Subscription."""

    kind: Literal["query", "mutation", "subscription"]
    gives: Any
    resolve: Resolver
    access: Access
    cost: int
    name: str
    served: "Served"
    shared: bool = False  #: the same for every guest, so that its answers may be kept until what they read changes
    spans_works: bool = False  #: opens transactions itself, since a provider is asked between them
    reveal: Reveal | None = None  #: what a refusal still shows
    follows: Follows | None = None  #: what a subscription is about, for a viewer who may follow it

    @property
    def plugin(self) -> str | None:
        """The plugin that declares it; None: Hexmart itself."""
        return plugin_of(self.resolve.__module__)


def field(description: str, *, name: str | None = None, cost: int = 0) -> Any:
    """An attribute of the row, with the sentence that the documentation shows."""
    return strawberry.field(description=description, name=name, metadata={"cost": cost})


def row_type(row: type, *, name: str | None = None) -> Callable[[Class], Class]:
    """A type whose fields are attributes of a row that core loaded."""
    return lambda cls: _declare(cls, row, name, None)


def node_type(row: type, load: relay.Loader, *, name: str | None = None) -> Callable[[Class], Class]:
    """A row type that can be read again by its global id."""
    return lambda cls: _declare(cls, row, name, load)


def _declare(cls: Class, row: type, name: str | None, load: relay.Loader | None) -> Class:
    relay.identify(row, name or cls.__name__, load)
    cls.is_type_of = classmethod(lambda _, value, __: isinstance(value, row))  # type: ignore[attr-defined]  # Strawberry looks for it
    cls.row = row  # type: ignore[attr-defined]  # for whoever makes rows of a type
    return strawberry.type(cls, name=name, description=_sentence(cls))


def batched(
    owner: type, gives: Any, *, cost: int = 1, name: str | None = None, shared: bool = True
) -> Callable[[Resolver], Relation]:
    """Declare a field of `owner`: `async (parents, info, **arguments) -> one result for each parent`."""
    many = get_origin(gives) is list
    return lambda resolve: Relation(owner, gives, resolve, cost, name or resolve.__name__, many, shared)


def query(
    gives: Any,
    *,
    access: Access | Permission,
    cost: int = 1,
    name: str | None = None,
    served: Served = Served.BY_BRANDS,
    shared: bool = False,
) -> Callable[[Resolver], Root]:
    """Declare a field of Query: `async (info, **arguments) -> row`."""
    return lambda resolve: Root(
        "query", gives, resolve, _access(access), cost, name or resolve.__name__, served, shared
    )


def mutation(
    gives: Any,
    *,
    access: Access | Permission,
    spans_works: bool = False,
    reveal: Reveal | None = None,
    cost: int = 10,
    served: Served = Served.BY_BRANDS,
) -> Callable[[Resolver], Root]:
    """Declare a field of Mutation: `async (work, input) -> row`, one transaction, rolled back by any refusal."""
    return lambda resolve: Root(
        "mutation", gives, resolve, _access(access), cost, resolve.__name__, served, False, spans_works, reveal
    )


def subscription(
    gives: Any, *, access: Access | Permission, follows: Follows, cost: int = 1
) -> Callable[[Resolver], Root]:
    """Declare a field of Subscription: `async (info, **arguments) -> row`, as a query of what stands in `info.changed`.

    It is asked each time that something was told of an order of the topic, with what the viewer may do then.
    """
    served = Served.BY_BRANDS
    return lambda resolve: Root(
        "subscription", gives, resolve, _access(access), cost, resolve.__name__, served, follows=follows
    )


def _access(access: Access | Permission) -> Access:
    return Access(access.name) if isinstance(access, Permission) else access


def _sentence(thing: object) -> str:
    return cleandoc(thing.__doc__ or "")
