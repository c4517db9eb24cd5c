"""What an event is, and how somebody subscribes to it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

if TYPE_CHECKING:
    from core.work import Work

_types: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A fact in the past tense; its fields are ids, numbers and words, never personal data."""

    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        domain = cls.__module__.removeprefix("core.").removeprefix("plugins.").split(".")[0]
        cls.name = f"{domain}.{cls.__name__}"
        _types[cls.name] = cls

    def payload(self) -> dict[str, object]:
        """The event as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Self:
        """The event that payload() was made of."""
        return cls(**{f.name: _restored(f.type, payload.get(f.name)) for f in fields(cls)})


def event_types() -> dict[str, type[Event]]:
    """Every kind of event by its name."""
    return dict(_types)


def _restored(annotation: object, value: Any) -> Any:
    return UUID(value) if value is not None and annotation in (UUID, UUID | None) else value


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
