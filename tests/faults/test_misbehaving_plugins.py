"""Whatever a plugin's subscribers and jobs do, the other plugin's are served, at the other brand and at the same."""

import asyncio

import pytest

from tests.faults.misfits import JOBS, SUBSCRIBERS
from tests.faults.neighbours import JOBS as GOOD_JOBS
from tests.faults.neighbours import SUBSCRIBER, served
from tests.faults.plugged import Plugged
from tests.waiting import until

pytestmark = pytest.mark.anyio

SHELF = "SELECT sum(on_hand) FROM stock WHERE tenant_id = $1"
EVENTS = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'orders.OrderPlaced'"


@pytest.mark.parametrize("how", SUBSCRIBERS)
async def test_a_subscriber_that_misbehaves_fails_alone(plugged: Plugged, how: str) -> None:
    subscriber, kind = SUBSCRIBERS[how]
    plugged.install([subscriber, SUBSCRIBER], GOOD_JOBS)
    before = [await plugged.value(brand, SHELF) for brand in plugged.brands]
    for brand in plugged.brands:
        await plugged.place(brand)
    await asyncio.wait_for(plugged.worker.catch_up(), 20)
    for brand, shelf in zip(plugged.brands, before, strict=True):
        found = await plugged.deliveries(brand)
        bad, good = found[how], found["hears"]
        assert (good["done_at"] is not None, good["error"], good["plugin"]) == (True, None, "neighbours")
        assert (bad["done_at"], bad["dead_at"], bad["error"], bad["plugin"]) == (None, None, kind, "misfits")
        assert bad["attempts"] == 1
        assert served[brand.slug, "heard"] == 1
        assert served[brand.slug, "swept"] >= 2
        assert (await plugged.value(brand, SHELF), await plugged.value(brand, EVENTS)) == (shelf, 1)
    assert plugged.worker.care.tally["misfits", "failed"] == 2
    assert plugged.worker.care.tally["neighbours", "delivered"] == 2


@pytest.mark.parametrize("how", JOBS)
async def test_a_job_that_misbehaves_fails_alone(plugged: Plugged, how: str) -> None:
    plugged.install([SUBSCRIBER], [JOBS[how], *GOOD_JOBS])
    before = [await plugged.value(brand, SHELF) for brand in plugged.brands]
    for brand in plugged.brands:
        await plugged.place(brand)
    await asyncio.wait_for(plugged.worker.catch_up(), 20)
    for brand, shelf in zip(plugged.brands, before, strict=True):
        assert served[brand.slug, "heard"] == 1
        assert served[brand.slug, "swept"] >= 2
        assert (await plugged.value(brand, SHELF), await plugged.value(brand, EVENTS)) == (shelf, 1)
    failed = plugged.worker.care.tally["misfits", "job_failed"]
    assert failed >= 2 if how != "never_ends" else failed == 0
    assert plugged.worker.care.tally["neighbours", "job_failed"] == 0


async def test_while_one_hangs_the_others_need_not_wait_for_it(
    plugged: Plugged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hexmart.worker.deliveries.BUDGET", 3600)
    plugged.install([SUBSCRIBERS["hangs"][0], SUBSCRIBER], [JOBS["never_ends"], *GOOD_JOBS])
    for brand in plugged.brands:
        await plugged.place(brand)
    working = asyncio.create_task(plugged.worker.run())
    plugged.worker.sweep_now()
    wanted = [(brand.slug, what) for brand in plugged.brands for what in ("heard", "swept")]
    await until(lambda: all(served[one] for one in wanted))
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    for brand in plugged.brands:
        hanging = (await plugged.deliveries(brand))["hangs"]
        assert (hanging["attempts"], hanging["done_at"]) == (0, None)  # cut off with the worker, to be done by the next
