"""What is wrong with events and those who listen to them, said before anything starts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from inspect import iscoroutinefunction

from core.events.event import Event, Subscription, event_types, homes
from core.events.values import can_be_held, types_of


def faults(subscriptions: Iterable[Subscription]) -> list[str]:
    """A sentence for each fault of every event that is declared, and of these subscribers, all that are installed."""
    heard = list(subscriptions)
    return [*_of_names(), *(fault for kind in event_types().values() for fault in _of_fields(kind)), *_of(heard)]


def _of_names() -> Iterator[str]:
    for name, found in homes().items():
        if len(found) > 1:
            yield f"two events are called {name}: {' and '.join(sorted(found))}"


def _of_fields(kind: type[Event]) -> Iterator[str]:
    try:
        types = types_of(kind)
    except NameError as error:
        yield f"the fields of the event {kind.name} cannot be read: {error}"
        return
    for one in fields(kind):
        if not can_be_held(types[one.name]):
            yield f"{kind.name}.{one.name} is a {types[one.name]}: an event holds ids, numbers, words and moments"


def _of(subscriptions: list[Subscription]) -> Iterator[str]:
    for name, times in Counter(map(_name, subscriptions)).items():
        if times > 1:
            yield f"the subscriber {name} is registered {times} times: each event has a function of its own"
    for one in subscriptions:
        if "<" in getattr(one.handler, "__qualname__", "<"):
            yield f"the subscriber {_name(one)} is no function of a module: deliveries know it by its name"
        elif not iscoroutinefunction(one.handler):
            yield f"the subscriber {_name(one)} is not async"


def _name(one: Subscription) -> str:
    return one.name if hasattr(one.handler, "__name__") else repr(one.handler)
