"""What an event is, and how somebody subscribes to it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

from core.events.errors import Unreadable
from core.events.values import restored, types_of

if TYPE_CHECKING:
    from core.work import Work

_types: dict[str, type["Event"]] = {}
_homes: dict[str, set[str]] = {}  #: where the classes of a name were declared


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact in the past tense; its fields are ids, numbers and words, never personal data.

    One that has an `order_id` is told to whoever follows that order, one with an `inbox_id` to that member.
    """

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        domain = cls.__module__.removeprefix("core.").removeprefix("plugins.").split(".")[0]
        cls.name = f"{domain}.{cls.__name__}"
        _types[cls.name] = cls
        _homes.setdefault(cls.name, set()).add(f"{cls.__module__}.{cls.__qualname__}")

    def payload(self) -> dict[str, object]:
        """The event as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """The event that payload() was made of; a field that is new and may be empty is."""
        types = types_of(cls)
        try:
            return cls(**{f.name: restored(types[f.name], payload.get(f.name)) for f in fields(cls)})
        except (TypeError, ValueError) as error:
            raise Unreadable(f"{cls.name} has other fields now") from error


def event_types() -> dict[str, type[Event]]:
    """Every kind of event by its name."""
    return dict(_types)


def homes() -> dict[str, set[str]]:
    """The classes that have a name; one, if all is well."""
    return {name: set(found) for name, found in _homes.items()}


def read(name: str, payload: dict[str, Any]) -> Event:
    """An event as it was written down; raises Unreadable."""
    if name not in _types:
        raise Unreadable(f"there is no event {name}")
    return _types[name].of(payload)


@dataclass(frozen=True, slots=True)
class Within:
    """A subscriber that works in one transaction, together with the mark that it is done."""

    event: type[Event]
    handler: Callable[["Work", Any], Awaitable[None]]

    @property
    def name(self) -> str:
        return f"{self.handler.__module__}.{self.handler.__name__}"


@dataclass(frozen=True, slots=True)
class Outside:
    """A subscriber that talks to a provider: it opens transactions of its own, before and after the call."""

    event: type[Event]
    handler: Callable[[Callable[[], AbstractAsyncContextManager["Work"]], Any], Awaitable[None]]

    @property
    def name(self) -> str:
        return f"{self.handler.__module__}.{self.handler.__name__}"


Subscription = Within | Outside
