"""What every carrier promises, as tests that each plugin takes over: `from tests.core.deliveries.promises import *`.

Its conftest has a `counter` with its simulator, and `reports`: what the plugin makes of each word that the carrier has.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core import clock, deliveries
from core.deliveries import Created, Report, State, asking, carrying, web
from core.deliveries.states import OVER, RANKS
from core.work import Work
from hexmart.simulators.couriers import Carrier
from tests.core.deliveries.counter import Counter

MoveClock = Callable[[timedelta], Awaitable[None]]


@dataclass(frozen=True)
class Reports:
    """What the carrier's words mean, and what the plugin makes of one that is told."""

    states: Mapping[int, State]
    of: Callable[[UUID, int, datetime], Report | None]


async def test_an_order_is_carried_from_the_call_to_the_door(counter: Counter[Carrier]) -> None:
    order, key = await counter.call()
    way = counter.carrier.way[1:]
    for status, stands in zip(way, ("READY", "READY", "DISPATCHED", "COMPLETED"), strict=True):
        assert await counter.become(key, status)
        assert await counter.status(order) == stands
    shipment = await counter.shipment(order)
    assert shipment.fee_minor == counter.carrier.orders[key].fee
    assert await counter.charges(shipment) == [("DELIVERY", shipment.fee_minor)]
    assert [event.raw for event in await counter.events(shipment)] == ["created", *map(str, way)]
    assert counter.carrier.refused == []
    assert await counter.broken() == {}


async def test_a_courier_rides_and_is_seen(counter: Counter[Carrier], move_clock: MoveClock) -> None:
    order, key = await counter.call()
    await counter.carrier.ride(3)
    await counter.settle()
    assert (await counter.shipment(order)).state == "PICKED_UP"
    await counter.carrier.ride(0.2)
    await move_clock(timedelta(minutes=6))  # nothing was heard for so long: it is asked where it is
    await counter.settle()
    seen = "query($id: ID!) { order(id: $id) { shipment { courier courierPhone position { latitude longitude } } } }"
    shown = (await counter.client.run(seen, id=order["id"]))["order"]["shipment"]
    rider, there = counter.carrier.rider, counter.carrier.orders[key].position
    assert (shown["courier"], shown["courierPhone"]) == (rider.name, rider.phone)
    assert there is not None
    real = deliveries.from_chinese_map(there)
    assert shown["position"] == {
        "latitude": pytest.approx(real.latitude, abs=1e-5),
        "longitude": pytest.approx(real.longitude, abs=1e-5),
    }
    await counter.carrier.ride(60)
    await counter.settle()
    assert await counter.status(order) == "COMPLETED"


async def test_words_in_every_order_come_to_what_ranks_say(
    counter: Counter[Carrier], reports: Reports, move_clock: MoveClock
) -> None:
    """All pairs of the carrier's words, and the words of a whole delivery in every order: each in a work undone."""
    order, _ = await counter.call()
    key, codes = await counter.key(order), sorted(reports.states, key=lambda code: _rank(reports.states[code]))
    tried = [*itertools.product(codes, repeat=2), *itertools.permutations(counter.carrier.way)]
    begun = clock.now()
    await move_clock(timedelta(minutes=1))  # so that all of it was said before now
    for told in tried:
        said = [(code, begun + timedelta(seconds=codes.index(code))) for code in told]
        heard = await _heard(counter, [reports.of(key, code, at) for code, at in said], key)
        assert heard == _by_ranks((reports.states[code], at) for code, at in said), told
    assert len(tried) == len(codes) ** 2 + 120


@pytest.mark.parametrize("number", range(0, 24, 5))
async def test_callbacks_in_any_order_and_twice_come_to_the_same(counter: Counter[Carrier], number: int) -> None:
    """A sample of the same over the wire, and committed."""
    order, key = await counter.call()
    way = counter.carrier.way[1:]
    told = list(itertools.permutations(way))[number]
    there = counter.carrier.orders[key]
    counter.carrier.stand(there, way[-1])
    for status in (*told, *told[:2]):
        assert await counter.carrier.tell(there, order_status=status)
    await counter.settle()
    assert await counter.status(order) == "COMPLETED"
    assert await counter.broken() == {}


async def test_a_cancellation_costs_what_the_carrier_says(counter: Counter[Carrier]) -> None:
    order, key = await counter.call()
    await counter.become(key, counter.carrier.way[1])
    shipment = await counter.shipment(order)
    await counter.cancel(shipment)
    after = await counter.shipment(order)
    assert (after.state, after.cost_minor) == ("CANCELLED", 200)
    fee = shipment.fee_minor
    charges = await counter.charges(after)  # of one millisecond chance says which comes first
    assert sorted(charges) == [("CANCEL", 200), ("DELIVERY", fee), ("REFUND", -fee)]
    assert counter.carrier.orders[key].status == counter.carrier.cancelled
    assert await counter.broken() == {}


async def test_what_nobody_has_accepted_is_cancelled_for_nothing(counter: Counter[Carrier]) -> None:
    order, _ = await counter.call()
    await counter.cancel(await counter.shipment(order))
    after = await counter.shipment(order)
    assert (after.state, after.cost_minor) == ("CANCELLED", 0)
    assert await counter.broken() == {}


async def test_what_is_on_its_way_is_not_cancelled(counter: Counter[Carrier]) -> None:
    order, key = await counter.call()
    gone = counter.carrier.way[3]
    counter.carrier.stand(counter.carrier.orders[key], gone)  # and nobody has heard of it yet
    await counter.cancel(await counter.shipment(order))
    assert (await counter.shipment(order)).given_up_at is None
    await counter.become(key, gone)
    assert await counter.status(order) == "DISPATCHED"
    assert await counter.broken() == {}


async def test_what_was_cancelled_there_before_or_never_known_is_cancelled(counter: Counter[Carrier]) -> None:
    for forgotten in (False, True):
        order, key = await counter.call()
        counter.carrier.orders[key].status = counter.carrier.way[-1] if forgotten else counter.carrier.cancelled
        if forgotten:
            del counter.carrier.orders[key]
        await counter.cancel(await counter.shipment(order))
        assert (await counter.shipment(order)).state == "CANCELLED"
    assert await counter.broken() == {}


async def test_asked_twice_for_a_shipment_there_is_one(counter: Counter[Carrier]) -> None:
    order, key = await counter.call()
    shipment = await counter.shipment(order)
    async with counter.works() as work:
        line, wanted = asking.line_or_raise(work, counter.provider), await carrying._order(work, shipment)
    again = await line.create(wanted)
    assert isinstance(again, Created)
    assert (again.reference, again.fee.minor) == (shipment.reference, shipment.fee_minor)
    assert list(counter.carrier.orders) == [key]


async def test_a_lost_callback_is_made_up_for(counter: Counter[Carrier], move_clock: MoveClock) -> None:
    order, key = await counter.call()
    counter.carrier.misbehaviour.silent = True
    await counter.become(key, counter.carrier.way[3])
    assert await counter.status(order) == "READY"
    await move_clock(timedelta(minutes=6))
    await counter.settle()
    assert await counter.status(order) == "DISPATCHED"


async def test_tips_are_told_and_booked(counter: Counter[Carrier]) -> None:
    order, key = await counter.call()
    for amount in ("1.00", "0.50"):
        await counter.tip(order, amount)
    await counter.tip(order, "0.50")  # said twice
    assert counter.carrier.orders[key].tip == 150
    charges = await counter.charges(await counter.shipment(order))
    assert [one for one in charges if one[0] == "TIP"] == [("TIP", 100), ("TIP", 50)]
    assert await counter.broken() == {}


@pytest.mark.parametrize("trouble", ["refuses", "status", "another secret", "slow"])
async def test_a_carrier_that_will_not_or_cannot_is_passed_over(
    counter: Counter[Carrier], trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await counter.ready()
    if trouble == "refuses":
        counter.carrier.misbehaviour.refuses = "no couriers"
    elif trouble == "status":
        counter.carrier.misbehaviour.status = 502
    elif trouble == "another secret":
        counter.carrier.secret = "another"
    else:
        monkeypatch.setattr(web, "SECONDS", 0.2)
        counter.carrier.misbehaviour.seconds = 60
    await counter.dispatch(order)
    assert await counter.status(order) == "READY"
    assert counter.carrier.orders == {}
    assert await counter.broken() == {}


async def test_nobody_holds_a_connection_while_the_carrier_thinks(counter: Counter[Carrier]) -> None:
    order = await counter.ready()
    thought, pool = 0, counter.platform.app.pool

    async def think() -> None:
        """Until nobody holds one: others come to an end, and whoever waits for this answer would not."""
        nonlocal thought
        while pool.checkedout():  # type: ignore[attr-defined]  # noqa: ASYNC110 - a QueuePool has no event
            await asyncio.sleep(0.01)
        thought += 1

    counter.carrier.before = think
    await counter.dispatch(order)
    await counter.quotes(order)
    await counter.tip(order, "1.00")
    await counter.cancel(await counter.shipment(order))
    assert thought == len(counter.carrier.asked) >= 5
    assert counter.carrier.orders[str(await counter.key(order))].status == counter.carrier.cancelled


async def test_without_its_keys_it_is_asked_nothing(counter: Counter[Carrier]) -> None:
    order = await counter.ready()
    await counter.enable(counter.plugin, {})
    [quote] = await counter.quotes(order)
    assert quote["provider"] == counter.provider
    assert quote["refusal"].startswith("The plugin's settings lack ")
    assert counter.carrier.asked == []


class _Undone(Exception):
    """So that nothing of it stays."""


async def _heard(counter: Counter[Carrier], said: Sequence[Report | None], key: UUID) -> str:
    """How the shipment stands once all that is heard."""
    stands = ""
    with suppress(_Undone):
        async with counter.works() as work:
            stands = await _take_in(work, counter.provider, said, key)
            raise _Undone
    return stands


async def _take_in(work: Work, provider: str, said: Sequence[Report | None], key: UUID) -> str:
    for report in said:
        assert report is not None, "a word that the plugin does not know"
        await deliveries.take_in(work, provider, report)
    shipment = await deliveries.by_id(work, key)
    assert shipment is not None
    return shipment.state


def _by_ranks(said: Iterable[tuple[State, datetime]]) -> str:
    """What has to come of it, by the table of states in the documentation alone."""
    stands, rank, newest = State.DISPATCHING, RANKS[State.DISPATCHING], datetime.min.replace(tzinfo=clock.now().tzinfo)
    for state, at in said:
        if stands in OVER:
            break
        if state == State.EXCEPTION:
            stands = state if at >= newest else stands
        elif RANKS[state] > rank or (stands == State.EXCEPTION and RANKS[state] == rank and at > newest):
            stands, rank = state, RANKS[state]
        else:
            continue
        newest = max(newest, at)
    return stands


def _rank(state: State) -> int:
    return RANKS.get(state, 0)
