"""Whoever does whatever to an order in two packages: each goes where the table says, and what it costs adds up."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from core.access import Scope
from core.actors import system
from core.fulfilment import packages as packed
from core.fulfilment.machine import ENDED, FULFILMENT, LAPSED
from hexmart.testing import Client, World
from hexmart.worker import Worker
from schema import relay
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, stock_up
from tests.schema.hiring import hired
from tests.schema.packages import MILK_AND_BREAD, bought, packages, seen, shared
from tests.schema.shop import Payload, act

pytestmark = pytest.mark.anyio

Move = tuple[str, str]
STORES = {"S1": MILK, "S2": "BREAD"}
STEPS = ("orderAccept", "orderPrepare", "orderReady", "orderDispatch", "orderComplete", "orderReject")
GONE = ("DISPATCHED", "DONE")
MOVES = st.one_of(
    st.tuples(st.sampled_from(sorted(STORES)), st.sampled_from(STEPS)),
    st.tuples(st.sampled_from(sorted(STORES)), st.sampled_from(["orderAccept", "orderReady", "orderDispatch"])),
    st.tuples(st.just("refund"), st.sampled_from(sorted(MILK_AND_BREAD))),
    st.sampled_from([("owner", "orderCancel"), ("clock", "time passes")]),
)
OFF = ("orderAccept", "orderReady", "orderDispatch")
#: by which each thing that can become of two packages becomes of them once
WALKS: tuple[list[Move], ...] = (
    [*(("S1", step) for step in OFF), ("S2", "orderReject"), ("S1", "orderComplete")],
    [("S1", "orderReject"), ("S2", "orderReject")],
    [
        *(("S2", step) for step in OFF),
        ("refund", MILK),
        ("refund", "BREAD"),
        ("refund", MILK),
        ("owner", "orderCancel"),
    ],
    [("S1", "orderAccept"), ("clock", "time passes"), ("owner", "orderCancel")],
)
AGE = "UPDATE fulfilment SET accept_by = accept_by - interval '40 minutes' WHERE tenant_id = $1 AND order_id = $2"


@dataclass
class Model:
    """What is in each package still, and how far it is."""

    states: dict[str, str] = field(default_factory=lambda: dict.fromkeys(STORES, "WAITING"))
    left: dict[str, int] = field(default_factory=lambda: dict(MILK_AND_BREAD))
    over: bool = False

    def step(self, store: str, action: str) -> bool:
        """Whether a store takes a step of its own package."""
        known = [one for one in FULFILMENT.transitions if one.action == action and self.states[store] in one.after]
        if self.over or not known:
            return False
        self.states[store] = known[0].to
        if action == "orderReject":
            self._lose(store)
        return True

    def refund(self, sku: str) -> bool:
        """Whether one piece is paid back; an empty package is not sent."""
        if self.over or not self.left[sku]:
            return False
        self.left[sku] -= 1
        store = next(one for one, has in STORES.items() if has == sku)
        self.over = not any(self.left.values())
        if not self.left[sku] and self.states[store] not in (*GONE, *ENDED):
            self.states[store] = "CANCELLED"
        return True

    def cancel(self) -> bool:
        """Whether the brand calls all of it off."""
        states = [state for state in self.states.values() if state not in ENDED]
        if self.over or any(state in GONE for state in states):
            return False
        self._end("CANCELLED")
        return True

    def wait(self) -> None:
        """What nobody has accepted is nobody's any more."""
        for store in STORES:
            if not self.over and self.states[store] in LAPSED.after:
                self.states[store] = LAPSED.to
                self._lose(store)

    def _lose(self, store: str) -> None:
        if all(state in ENDED for state in self.states.values()):
            self._end("REJECTED")
            return
        self.left[STORES[store]] = 0
        self.over = not any(self.left.values())

    def _end(self, state: str) -> None:
        self.states = {one: was if was in (*GONE, *ENDED) else state for one, was in self.states.items()}
        self.left, self.over = dict.fromkeys(self.left, 0), True


@dataclass
class Life:
    """The same orders as they are served."""

    platform: Platform
    world: World
    staff: Mapping[str, Client]
    calls: int = 0

    async def do(self, order: Payload, who: str, what: str) -> bool:
        """Whether it was done."""
        self.calls += 1
        key = {"idempotencyKey": str(self.calls), "reason": "any"}
        if who == "refund":
            line = next(one["id"] for one in order["lines"] if one["variant"]["sku"] == what)
            asked = {"orderId": order["id"], "lines": [{"orderLineId": line, "quantity": 1}], "restock": True} | key
            said = await self.staff["owner"].do("refundCreate", asked, "refund { id }")
        elif who == "owner":
            said = await self.staff[who].do("orderCancel", {"orderId": order["id"]} | key, "order { id }")
        else:
            part = next(one["id"] for one in order["fulfilments"] if one["store"]["code"] == who)
            said = await act(self.staff[who], what, order, fulfilmentId=part)
        return not said["userErrors"] and "ALREADY_DONE" not in {one["code"] for one in said["warnings"]}

    async def wait(self, order: Payload) -> None:
        """Let the stores' time run out."""
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            await work.execute(AGE, relay.key_of("Order", order["id"]))
        worker = Worker(self.platform)
        for job in self.platform.hooks(self.world.tenant.plugins).jobs:
            if job.name == "fulfilment.find_lapsed":
                await worker.run_job(self.world.tenant, job)
        await worker.deliver(self.world.tenant)


async def _check(life: Life, moves: Sequence[Move]) -> None:
    owner, model = life.staff["owner"], Model()
    order = await bought(owner, life.world)
    for who, what in moves:
        if who == "clock":
            await life.wait(order)
            model.wait()
        else:
            expected = model.refund(what) if who == "refund" else model.cancel() if who == "owner" else None
            expected = model.step(who, what) if expected is None else expected
            assert await life.do(order, who, what) == expected, (who, what, model)
        found = {store: state for store, state, _ in packages(await seen(owner, order))}
        assert found == model.states, (who, what, model)
    assert await audit(life.platform, life.world.tenant) == {}, (moves, model)


@pytest.fixture
async def life(platform: Platform, world: World, client: Client) -> Life:
    owner = await client.staff(world.email("owner"))
    await shared(platform, world, owner)
    for store, sku in STORES.items():
        await stock_up(platform, world, 100_000, sku=sku, store=store)
    keys: dict[str, UUID] = world.store_keys
    staff = {one: await hired(client, platform, world, clerk=Scope(store_id=keys[one])) for one in STORES}
    return Life(platform, world, staff | {"owner": owner})


async def test_packages_go_where_the_table_says_and_money_and_goods_add_up(life: Life) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=15 * SCALE**2, deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
    @example(moves=WALKS[0])
    @example(moves=WALKS[1])
    @example(moves=WALKS[2])
    @example(moves=WALKS[3])
    @given(moves=st.lists(MOVES, min_size=5, max_size=12))
    def compare(moves: list[Move]) -> None:
        asyncio.run_coroutine_threadsafe(_check(life, moves), loop).result()

    await asyncio.to_thread(compare)


async def test_a_store_that_lets_every_package_go_is_found(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LEFT", ())  # as if nothing had left: what is on its way would be for sale again
    with pytest.raises(AssertionError):
        await _check(life, [*(("S2", step) for step in OFF), ("refund", "BREAD"), ("owner", "orderCancel")])
