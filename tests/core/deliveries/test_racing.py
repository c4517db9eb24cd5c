"""Two accept the same order at once: one has it, the other is cancelled and paid for its trouble."""

import asyncio

import pytest

from core import deliveries
from core.deliveries import State, broker
from tests.core.deliveries.carriers import told
from tests.core.deliveries.conftest import Desk
from tests.schema.shop import Payload

pytestmark = pytest.mark.anyio


async def _both_accept(desk: Desk) -> Payload:
    await desk.rule("deliveries.automatic", True)
    await desk.rule("deliveries.strategy", "broadcast")
    order = await desk.ready()
    await desk.settle()
    said = [(name, told((await desk.of(order, name)).id, State.ACCEPTED)) for name in ("ant", "bee")]
    await asyncio.gather(*(deliveries.hear(desk.works, name, report) for name, report in said))
    await desk.settle()
    return order


async def test_of_two_who_accept_at_once_one_has_it(desk: Desk) -> None:
    order = await _both_accept(desk)
    states = await desk.states(order)
    assert sorted(states.values()) == ["ACCEPTED", "CANCELLED"]
    (loser,) = [name for name, state in states.items() if state == "CANCELLED"]
    shipment = await desk.of(order, loser)
    assert ("CANCEL", 200) in await desk.charges(shipment)
    assert shipment.cost_minor == 200
    assert await desk.broken() == {}


async def test_without_the_guard_both_would_have_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = "AND winner_id IS NULL AND status = 'CALLING'"
    assert guard in broker.WIN
    monkeypatch.setattr(broker, "WIN", broker.WIN.replace(guard, ""))
    monkeypatch.setattr(broker, "give_up", _nobody_gives_up)
    order = await _both_accept(desk)
    assert sorted((await desk.states(order)).values()) == ["ACCEPTED", "ACCEPTED"]
    assert list(await desk.broken()) == ["deliveries.carried_once"]


async def _nobody_gives_up(*_: object) -> bool:
    """The second would be told by the first, if it had come a moment earlier."""
    return False
