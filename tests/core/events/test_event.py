"""Events as they are written down."""

from dataclasses import dataclass, fields
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

import orjson
import pytest

from core.events import Event, event, event_types
from core.ids import new_id
from hexmart.plugins import plugin_manager

plugin_manager()  # whoever declares events is imported by now
DECLARED = event_types()


def value_of(annotation: Any) -> Any:
    """Something of that type."""
    kind = get_args(annotation)[0] if isinstance(annotation, UnionType) else annotation
    if get_origin(kind) is tuple:
        return (value_of(get_args(kind)[0]),) * 2
    return {UUID: new_id(), int: 1590, str: "unpaid", bool: True}[kind]


def written(fact: Event) -> dict[str, Any]:
    """What the outbox gives back."""
    payload: dict[str, Any] = orjson.loads(orjson.dumps(fact.payload(), default=str))
    return payload


@pytest.mark.parametrize("kind", DECLARED.values(), ids=DECLARED.keys())
def test_an_event_survives_being_written_down(kind: type[Event]) -> None:
    fact = kind(**{field.name: value_of(field.type) for field in fields(kind)})
    assert kind.of(written(fact)) == fact


def test_the_events_of_core_are_known_by_their_names() -> None:
    assert {"orders.OrderPlaced", "orders.OrderPaid", "payments.RefundRequested", "notices.NoticeRequested"} <= set(
        DECLARED
    )
    assert {name: kind.name for name, kind in DECLARED.items()} == {name: name for name in DECLARED}


@pytest.mark.parametrize("order_id", [None, new_id()])
def test_a_field_may_be_empty(order_id: UUID | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event, "_types", {})  # what is declared here is nobody else's business

    @dataclass(frozen=True, kw_only=True, slots=True)
    class Sampled(Event):
        order_id: UUID | None
        note: str | None

    sample = Sampled(order_id=order_id, note=None)
    assert Sampled.of(written(sample)) == sample
    assert Sampled.of({}) == Sampled(order_id=None, note=None)
