"""What is wrong with events and those who listen to them, said before anything starts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from inspect import iscoroutinefunction

from core.events.event import Event, Subscription, event_types, homes
from core.events.values import can_be_held, types_of


def faults(subscriptions: Iterable[Subscription], is_installed: Callable[[str], bool]) -> list[str]:
    """A sentence for each fault of these subscribers, all that are installed, and of events of installed modules."""
    kinds = [kind for kind in event_types().values() if is_installed(kind.__module__)]
    of_events = [fault for kind in kinds for fault in (*_of_name(kind), *_of_fields(kind))]
    return [*of_events, *_of(list(subscriptions))]


def _of_name(kind: type[Event]) -> Iterator[str]:
    found = homes()[kind.name]
    if len(found) > 1:
        yield f"{len(found)} events are called {kind.name}: {' and '.join(sorted(found))}"


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
