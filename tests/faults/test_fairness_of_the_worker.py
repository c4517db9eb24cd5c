"""Who has much to do keeps nobody else waiting, and who fails again and again rests."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from core import clock
from core.events import Hopeless, Within, outbox
from core.extensions import breaker
from core.jobs import Job
from core.orders import OrderPlaced
from core.work import Work
from hexmart.worker import care, sweeping, worker
from tests.faults import misfits, neighbours
from tests.faults.misfits import JOBS, SUBSCRIBERS
from tests.faults.neighbours import SUBSCRIBER, served
from tests.faults.plugged import Plugged

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
MINUTE = timedelta(minutes=1)


def of_plugin(plugin: Any, handler: Callable[..., Any], name: str) -> Within:
    """The handler as a function of a plugin's module."""
    handler.__module__, handler.__name__ = plugin.__name__, name
    return Within(OrderPlaced, handler)


async def test_beside_twenty_bad_subscribers_of_its_own_plugin_a_good_one_is_served(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    def bad(number: int) -> Within:
        async def fails(*_: object) -> None:
            raise ValueError(number)

        return of_plugin(misfits, fails, f"a_bad_one_{number}")

    async def hears(work: Work, _event: OrderPlaced) -> None:
        served[work.brand.slug, "heard beside them"] += 1

    plugged.install([*map(bad, range(20)), of_plugin(misfits, hears, "hears_beside_them"), SUBSCRIBER])
    [brand, _] = plugged.brands
    for _round in range(8):  # long enough for the bad ones to rest
        await plugged.place(brand)
        await plugged.worker.catch_up()
        await move_clock(timedelta(seconds=10))
    assert served[brand.slug, "heard"] == served[brand.slug, "heard beside them"] == 8
    assert plugged.worker.care.tally["misfits", "failed"] >= 20


async def test_who_fails_again_and_again_rests_and_loses_no_attempt_meanwhile(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    subscriber, _ = SUBSCRIBERS["raises"]
    plugged.install([subscriber])
    [brand, other] = plugged.brands
    await plugged.place(brand)
    for _round in range(outbox.ATTEMPTS + 5):
        await plugged.worker.catch_up()
        await move_clock(timedelta(hours=1))
    resting = (await plugged.deliveries(brand))["raises"]
    assert (resting["attempts"], resting["dead_at"]) == (breaker.FAULTS, None)
    await plugged.place(other)
    await plugged.worker.catch_up()
    assert (await plugged.deliveries(other))["raises"]["attempts"] == 1  # only there does it rest


async def test_after_its_rest_one_is_tried_and_when_it_is_well_all_are(
    plugged: Plugged, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    async def recovers(work: Work, _event: OrderPlaced) -> None:
        if broken:
            raise ValueError
        served[work.brand.slug, "recovered"] += 1

    plugged.install([of_plugin(misfits, recovers, "recovers")])
    [brand, _] = plugged.brands
    await plugged.place(brand, 30)
    await plugged.worker.catch_up()
    assert plugged.worker.care.tally["misfits", "failed"] == breaker.FAULTS
    broken = False
    await move_clock(MINUTE)
    await plugged.worker.catch_up()
    assert served[brand.slug, "recovered"] == 0
    monkeypatch.setattr(breaker, "monotonic", lambda: asyncio.get_running_loop().time() + 2 * breaker.REST)
    await plugged.worker.catch_up()
    assert served[brand.slug, "recovered"] == 30


async def test_one_event_that_cannot_be_handled_keeps_no_others_from_it(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    poison: set[object] = set()

    async def chokes(work: Work, event: OrderPlaced) -> None:
        poison.add(event.order_id) if not poison else None
        if event.order_id in poison:
            raise ValueError
        served[work.brand.slug, "swallowed"] += 1

    plugged.install([of_plugin(misfits, chokes, "chokes")])
    [brand, _] = plugged.brands
    await plugged.place(brand)
    for _round in range(outbox.ATTEMPTS):
        await plugged.worker.catch_up()
        await move_clock(timedelta(hours=1))
        await plugged.place(brand)
    await plugged.worker.catch_up()
    assert served[brand.slug, "swallowed"] == outbox.ATTEMPTS
    assert plugged.worker.care.tally["misfits", "dead"] == 1


async def test_who_gives_up_is_not_tried_again_and_need_not_rest(plugged: Plugged) -> None:
    async def gives_up(*_: object) -> None:
        raise Hopeless

    plugged.install([of_plugin(misfits, gives_up, "gives_up")])
    [brand, _] = plugged.brands
    await plugged.place(brand, 10)
    await plugged.worker.catch_up()
    assert plugged.worker.care.tally["misfits", "dead"] == 10


async def test_a_brand_with_very_much_to_do_keeps_no_other_waiting(plugged: Plugged) -> None:
    order: list[str] = []

    async def notes(work: Work, _event: OrderPlaced) -> None:
        order.append(work.brand.slug)

    plugged.install([of_plugin(neighbours, notes, "notes")])
    [busy, other] = plugged.brands
    await plugged.place(busy, 500)
    await plugged.place(other)
    await plugged.worker.catch_up()
    assert len(order) == 501
    assert order.index(other.slug) < 3 * outbox.SHARE


async def test_new_events_by_the_thousand_are_expanded_while_others_are_heard(plugged: Plugged) -> None:
    plugged.install([SUBSCRIBER])
    [busy, other] = plugged.brands
    for _ in range(2):
        await plugged.place(busy, worker.EXPANSIONS * outbox.BATCH // 2 + 10)
    await plugged.place(other)
    plugged.worker.ring(busy.slug)
    plugged.worker.ring(other.slug)
    await plugged.worker._answer()
    assert plugged.worker._waiting == {busy.slug}  # it has rung again, for what is left
    assert (await plugged.deliveries(other))["hears"]["attempts"] == 0  # expanded, and delivered by its lane
    await plugged.worker._lanes.close()


async def test_a_job_that_hangs_at_brand_after_brand_is_left_alone_everywhere(plugged: Plugged) -> None:
    plugged.install([], [JOBS["hangs"]])
    for _ in range(3):
        await plugged.worker.catch_up()
    assert plugged.worker.care.tally["misfits", "job_failed"] == care.AT_ONCE
    assert all(plugged.worker.care.rests(brand, part) for brand in plugged.brands for part in [_part(JOBS["hangs"])])


async def test_a_job_with_nothing_to_do_is_not_run(plugged: Plugged) -> None:
    plugged.install([], neighbours.JOBS)
    await plugged.worker.catch_up()
    jobs = {job.name: job for job in neighbours.JOBS}
    assert plugged.worker.care.tally["neighbours", "job_run"] == 2 * (len(jobs) - 1)  # one is never due


async def test_a_job_with_very_much_to_do_goes_on_in_the_next_round(plugged: Plugged) -> None:
    left = 2 * sweeping.STEPS + 10

    async def works_off(_work: Work) -> int:
        nonlocal left
        left = max(left - 1, 0)
        return left

    works_off.__module__ = neighbours.__name__
    plugged.install([], [Job("neighbours.works_off", timedelta(hours=1), works_off)])
    await plugged.worker.catch_up()
    assert left == 0


async def test_after_a_start_jobs_begin_one_by_one(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    hourly = [Job(f"neighbours.{number}", timedelta(hours=1), neighbours.sweeps) for number in range(100)]
    plugged.install([], hourly)
    at_first = plugged.worker._sweeping.timed(plugged.brands[0])
    now = monotonic()
    monkeypatch.setattr(sweeping, "monotonic", lambda: now + sweeping.LATEST_START)
    later = plugged.worker._sweeping.timed(plugged.brands[0])
    assert len(at_first) < 5
    assert {job.name for job in [*at_first, *later]} == {job.name for job in hourly}
    assert clock.offset_seconds() == 0


def _part(job: Job) -> care.Part:
    return care.Part.of(job.name, job.run)
