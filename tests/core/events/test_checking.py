"""What is wrong with events and subscribers is said in a sentence before anything starts."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, make_dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from core import events
from core.events import Event, Outside, Subscription, Within, event
from core.jobs import Job, faults
from core.orders import OrderPlaced


@pytest.fixture(autouse=True)
def no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of these tests alone."""
    monkeypatch.setattr(event, "_types", {})
    monkeypatch.setattr(event, "_homes", {})


def declare(module: str, name: str, **fields: Any) -> type[Event]:
    """An event of a module that is not there."""
    made = make_dataclass(
        name, fields.items(), bases=(Event,), frozen=True, kw_only=True, namespace={"__module__": module}
    )
    assert issubclass(made, Event)
    return made


def named(name: str, module: str = "gift_wrap.hearing") -> Callable[..., Awaitable[None]]:
    async def handler(*_: object) -> None:
        pass

    handler.__module__, handler.__name__, handler.__qualname__ = module, name, name
    return handler


def of(*subscriptions: Subscription) -> list[str]:
    return events.faults(subscriptions, lambda _module: True)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("core.orders.events", "orders.Happened"),
        ("plugins.group_buy.events", "group_buy.Happened"),
        ("gift_wrap.events", "gift_wrap.Happened"),
        ("gift_wrap", "gift_wrap.Happened"),
    ],
)
def test_an_event_is_called_by_its_domain_or_plugin(module: str, name: str) -> None:
    assert declare(module, "Happened").name == name
    assert of() == []


def test_two_events_of_one_name_are_a_fault() -> None:
    declare("plugins.gift_wrap.events", "Wrapped")
    declare("gift_wrap.happenings", "Wrapped")
    [fault] = of()
    assert fault == (
        "2 events are called gift_wrap.Wrapped: gift_wrap.happenings.Wrapped and plugins.gift_wrap.events.Wrapped"
    )


@pytest.mark.parametrize("kind", [UUID, int, str, bool, UUID | None, tuple[UUID, ...], tuple[str, ...] | None])
def test_an_event_may_hold(kind: Any) -> None:
    declare("gift_wrap.events", "Wrapped", what=kind)
    assert of() == []


@pytest.mark.parametrize("kind", [float, dict[str, int], list[UUID], object, UUID | int, tuple[UUID, int], bytes])
def test_an_event_may_not_hold(kind: Any) -> None:
    declare("gift_wrap.events", "Wrapped", what=kind)
    [fault] = of()
    assert fault.startswith("gift_wrap.Wrapped.what is a ")


def test_what_is_not_installed_is_nobodys_fault() -> None:
    declare("gift_wrap.events", "Wrapped", what=object)
    assert events.faults([], lambda module: module != "gift_wrap.events") == []


AS_TEXT = """
from __future__ import annotations
from dataclasses import dataclass
from uuid import UUID
from core.events import Event

@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapped(Event):
    order_id: UUID | None
"""


def test_fields_may_be_written_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("gift_wrap")
    monkeypatch.setitem(sys.modules, "gift_wrap", module)
    exec(AS_TEXT, vars(module))  # noqa: S102 - our own
    assert of() == []
    wrapped: type[Event] = module.Wrapped
    assert wrapped.of({"order_id": str(UUID(int=1))}).payload() == {"order_id": UUID(int=1)}


def test_a_subscriber_is_registered_once() -> None:
    twice = named("hear")
    assert of(Within(OrderPlaced, twice), Outside(OrderPlaced, twice)) == [
        "the subscriber gift_wrap.hearing.hear is registered 2 times: each event has a function of its own"
    ]
    assert of(Within(OrderPlaced, named("hear")), Within(OrderPlaced, named("listen"))) == []


def test_a_subscriber_without_a_name_that_stays_is_a_fault() -> None:
    async def inside(*_: object) -> None:
        pass

    for handler in (inside, lambda *_: inside()):
        [fault] = of(Within(OrderPlaced, handler))
        assert "is no function of a module: deliveries know it by its name" in fault


def test_a_subscriber_that_is_not_async_is_a_fault() -> None:
    assert of(Within(OrderPlaced, faults)) == ["the subscriber core.jobs.job.faults is not async"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("job", "fault"),
    [
        (Job("a.sweep", timedelta(), named("sweep")), "the job a.sweep is to run every 0:00:00: say how often"),  # type: ignore[arg-type]
        (Job("a.sweep", timedelta(1), len), "what the job a.sweep runs is not async"),  # type: ignore[arg-type]
        (
            Job("a.sweep", timedelta(1), named("sweep"), due="DELETE FROM a WHERE tenant_id = $1"),  # type: ignore[arg-type]
            "what says that the job a.sweep is due is a SELECT with $1 for the tenant",
        ),
        (
            Job("a.sweep", timedelta(1), named("sweep"), due="SELECT 1 FROM a"),  # type: ignore[arg-type]
            "what says that the job a.sweep is due is a SELECT with $1 for the tenant",
        ),
    ],
)
def test_a_job_that_cannot_be_run_is_a_fault(job: Job, fault: str) -> None:
    assert faults([job]) == [fault]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written(Event):
    order_id: UUID
    count: int
    note: str | None


GOOD = {"order_id": "0199b7a0-0000-7000-8000-000000000001", "count": 1, "note": None}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        GOOD | {"order_id": "x"},
        GOOD | {"order_id": None},
        GOOD | {"count": "1"},
        GOOD | {"count": True},
        GOOD | {"note": 1},
    ],
    ids=str,
)
def test_what_was_written_with_other_fields_cannot_be_read(payload: dict[str, Any]) -> None:
    with pytest.raises(events.Unreadable, match="has other fields now"):
        Written.of(payload)


def test_what_has_a_field_less_or_an_empty_one_more_can_be_read() -> None:
    assert Written.of(GOOD | {"gone": 1}) == Written.of({key: GOOD[key] for key in ("order_id", "count")})


def test_what_nobody_declares_any_more_cannot_be_read() -> None:
    with pytest.raises(events.Unreadable, match=r"there is no event gift_wrap\.Wrapped"):
        events.read("gift_wrap.Wrapped", {})
