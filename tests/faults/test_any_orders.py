"""Whoever does whatever to an order, in whatever order: what the machines' tables say is done, and all else refused."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from limits import parse

from core import payments
from core.actors import system
from core.fulfilment import advancing
from core.machine import BUYER, DELIVERY, IN_STORE, ONLINE, PICKUP
from core.payments.capturing import capture
from core.payments.provider import Started
from hexmart.testing import Client, World
from hexmart.worker import Worker
from plugins.sandbox.provider import SandboxProvider
from schema import relay, verifying
from tenants import Platform
from tenants.throttle import COUNTER_CODE
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.model_of_orders import STAFF, STEPS, Model
from tests.faults.shop import MILK, stock_up
from tests.schema.shop import ADDRESS, CART, PHONE, Payload, done, fill, place
from tests.schema.test_till import record, sale

pytestmark = pytest.mark.anyio

OFTEN = parse("1000000 per minute")
KINDS = (*ONLINE, IN_STORE)
CLOCK, PROVIDER = "clock", "provider"
FORWARD = ["orderAccept", "orderReady", "orderDispatch", "orderComplete", "orderReject"]
MOVES = st.one_of(
    st.tuples(st.just(BUYER), st.sampled_from(["paymentStart", "orderCancel", "orderAccept", "orderVerify"])),
    st.tuples(st.sampled_from(sorted(STAFF)), st.sampled_from(STEPS)),
    # what happens to most orders most of the time, so that some get far
    st.tuples(st.just("clerk"), st.sampled_from(FORWARD)),
    st.sampled_from([(CLOCK, "time passes"), (PROVIDER, "the money comes"), (PROVIDER, "the money comes")]),
)
PAYS = ((BUYER, "paymentStart"), (PROVIDER, "the money comes"))
#: by which every step is taken once, however few are drawn
WALKS = (
    [
        *(("clerk", step) for step in ("orderReject", "orderAccept", "orderPrepare", "orderReady", "orderDispatch")),
        ("courier", "orderComplete"),
        ("finance", "refundCreate"),
        (BUYER, "orderCancel"),
    ],
    [("clerk.s1", "orderReject"), ("clerk.s1", "orderAccept"), (CLOCK, "time passes"), ("clerk", "orderVerify")],
)
INPUTS = {
    "orderVerify": "OrderVerifyInput",
    "paymentStart": "PaymentStartInput",
    "orderCancel": "OrderCancelInput",
    "refundCreate": "RefundCreateInput",
    "orderDispatch": "OrderDispatchInput",
}
AGE = (
    "UPDATE sales_order SET reserved_until = reserved_until - interval '40 minutes' WHERE tenant_id = $1 AND id = $2",
    "UPDATE fulfilment SET accept_by = accept_by - interval '40 minutes' WHERE tenant_id = $1 AND order_id = $2",
)
SEEN = """query($id: ID!) { order(id: $id) { status allowedActions pickupCode store { code }
  fulfilments { id status } } }"""
KEPT = """
SELECT coalesce(sum(quantity), 0)::bigint FROM reservation
WHERE tenant_id = $1 AND order_id = $2 AND state IN ('OPEN', 'CLAIMED')
"""


class Life:
    """The same order as it is served, and whoever has to do with it."""

    def __init__(self, platform: Platform, world: World, staff: Mapping[str, Client], buyer: Client) -> None:
        self.platform, self.world, self.staff, self.buyer = platform, world, staff, buyer
        self.order: Payload = {}
        self.calls = 0

    async def begin(self, model: Model) -> None:
        self.calls += 1
        if model.kind == IN_STORE:
            told = sale(self.world, externalReference=f"R-{self.calls}-{id(model)}")
            self.order, model.status = done(await record(self.staff["clerk"], told), "order"), "COMPLETED"
            return
        begun = PICKUP if model.kind == DELIVERY else model.kind
        cart = await fill(self.buyer, self.world, {MILK: 2}, fulfilment=begun)
        if model.kind == DELIVERY:
            asked = {"cartId": cart["id"], "fulfilment": DELIVERY, "address": ADDRESS}
            cart = done(await self.buyer.do("cartFulfilmentSet", asked, CART), "cart")
        self.order = await place(self.buyer, cart, contact={"phone": PHONE}, acceptOtherStore=model.agreed)

    async def seen(self, who: str) -> Payload | None:
        reader = self.buyer if who == BUYER else self.staff[who]
        found: Payload | None = (await reader.run(SEEN, id=self.order["id"]))["order"]
        return found

    async def do(self, who: str, action: str) -> bool:
        """Whether it was done; a repetition, which changes nothing, counts as not done."""
        caller, order = self.buyer if who == BUYER else self.staff[who], self.order["id"]
        self.calls += 1
        asked: Payload = {"orderId": order}
        if action == "orderVerify":
            seen = await self.seen(BUYER) or {}
            asked = {"code": seen["pickupCode"] or "00000000", "storeId": self.world.stores[seen["store"]["code"]]}
        elif action == "paymentStart":
            asked |= {"provider": "sandbox", "idempotencyKey": str(self.calls)}
        elif action in {"orderCancel", "refundCreate"}:
            asked |= {"idempotencyKey": str(self.calls), "reason": "any"}
        elif action == "orderReject":
            parts = (await self.seen(BUYER) or {})["fulfilments"]
            asked |= {"fulfilmentId": parts[-1]["id"]} if parts else {}
        kind = INPUTS.get(action, "OrderActionInput")
        document = f"mutation($i: {kind}!) {{ {action}(input: $i) {{ userErrors {{ code }} warnings {{ code }} }} }}"
        answer = await caller.send(document, i=asked)
        payload = (answer.get("data") or {}).get(action)
        if payload is None:
            assert {error["extensions"]["code"] for error in answer["errors"]} <= {"FORBIDDEN", "UNAUTHENTICATED"}
            return False
        return not payload["userErrors"] and "ALREADY_DONE" not in {one["code"] for one in payload["warnings"]}

    async def wait(self) -> None:
        """Let the order's times run out, and the worker come by."""
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            for statement in AGE:
                await work.execute(statement, self.key)
        worker = Worker(self.platform)
        for job in self.platform.hooks(self.world.tenant.plugins).jobs:
            if job.name in {"orders.release_unpaid", "fulfilment.find_lapsed"}:
                await worker.run_job(self.world.tenant, job)
        await worker.deliver(self.world.tenant)

    async def be_paid(self) -> None:
        """The provider says that the oldest payment of which it has not been heard was taken."""
        async with self.platform.open_work(self.world.tenant, system("test"), read_only=True) as work:
            [found] = await payments.payments_of(work, [self.key])
        begun = [one for one in found if one.status == "PENDING"]
        if begun:
            works = self.platform.works(self.world.tenant, system(PROVIDER))
            await capture(works, begun[0], Started(captured=True, reference=str(begun[0].id)))

    async def kept(self) -> int:
        async with self.platform.open_work(self.world.tenant, system("test"), read_only=True) as work:
            return int(await work.value(KEPT, self.key))

    @property
    def key(self) -> UUID:
        key = relay.key_of("Order", self.order["id"])
        assert key is not None
        return key


async def _check(life: Life, kind: str, moves: Sequence[tuple[str, str]], *, agreed: bool) -> None:
    model = Model(kind, agreed)
    await life.begin(model)
    for who, action in moves:
        if who == CLOCK:
            await life.wait()
            model.wait()
        elif who == PROVIDER:
            await life.be_paid()
            model.be_paid()
        else:
            step = model.fitting(who, action)
            assert await life.do(who, action) == (step is not None), (who, action, model)
            if step is not None:
                model.happen(step)
        await _compare(life, model, who if who in STAFF else BUYER)


async def _compare(life: Life, model: Model, who: str) -> None:
    """What is served is what the model says: where the order stands, with whom, and what may be done."""
    seen = await life.seen(BUYER)
    assert seen is not None
    states = [part["status"] for part in seen["fulfilments"]]
    assert (seen["status"], seen["store"]["code"], states) == (model.status, model.stores[-1], model.parts), model
    there = seen if who == BUYER else await life.seen(who)
    assert set(there["allowedActions"] if there else ()) == model.allowed(who), (who, model)
    open_ = model.status in {"PENDING_PAYMENT", "PAID", "ACCEPTED", "PREPARING", "READY"}
    assert await life.kept() == (2 if open_ else 0), model


async def _examples(life: Life, count: int) -> Mapping[str, int]:
    """What was done or tried, and how often."""
    loop, tried = asyncio.get_running_loop(), dict[str, int]()

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.explicit, Phase.generate])
    @example(kind=DELIVERY, agreed=False, paid=True, moves=WALKS[0])
    @example(kind=PICKUP, agreed=True, paid=True, moves=WALKS[1])
    @given(
        kind=st.sampled_from(KINDS),
        agreed=st.booleans(),
        paid=st.booleans(),
        moves=st.lists(MOVES, min_size=6, max_size=12),
    )
    def compare(*, kind: str, agreed: bool, paid: bool, moves: list[tuple[str, str]]) -> None:
        begun = PAYS if paid and kind != IN_STORE else ()
        asyncio.run_coroutine_threadsafe(_check(life, kind, [*begun, *moves], agreed=agreed), loop).result()
        for _, action in [*begun, *moves]:
            tried[action] = tried.get(action, 0) + 1

    await asyncio.to_thread(compare)
    return tried


@pytest.fixture
async def life(platform: Platform, world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A brand with milk enough, whose payments wait for the provider's word."""

    async def waits(*_: Any, **__: Any) -> Started:
        return Started(captured=False)

    monkeypatch.setattr(SandboxProvider, "start", waits)
    # whoever tries codes all day long would have to wait at the desk
    monkeypatch.setattr(verifying, "COUNTER_CODE", replace(COUNTER_CODE, subject=OFTEN, address=OFTEN))
    for store in ("S1", "S2"):
        await stock_up(platform, world, 100_000, store=store)
    staff = {name: await client.staff(world.email(name)) for name in STAFF}
    return Life(platform, world, staff, client)


async def test_an_order_goes_where_the_tables_say_and_nowhere_else(
    life: Life, platform: Platform, world: World
) -> None:
    tried = await _examples(life, 25 * SCALE**2)
    print(f"orders: {sum(tried.values())} moves: {tried}")  # noqa: T201 - wanted
    assert set(STEPS) <= set(tried)
    assert await audit(platform, world.tenant) == {}


async def test_a_step_that_looks_at_no_state_is_found(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = advancing.MOVE.replace("AND status = any($4::text[])", "AND $4::text[] IS NOT NULL")
    assert unguarded != advancing.MOVE
    monkeypatch.setattr(advancing, "MOVE", unguarded)
    with pytest.raises(AssertionError):
        await _check(life, DELIVERY, [*PAYS, ("clerk", "orderReady")], agreed=False)  # nobody has accepted it
