"""What has to become of an order, its payment and its money, whatever happens in whatever order: a small model.

Many orders are played side by side, step by step; whatever waits in the outbox is carried out for all of them at once.
"""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from core import orders, payments
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.payments import RefundWish, completing
from core.payments.events import PaymentOverdue
from hexmart.simulators.wechat_pay import Trade
from hexmart.simulators.wechat_pay.notifying import Notice, of_trade
from hexmart.simulators.wechat_pay.state import Refused
from hexmart.worker import Worker
from plugins.wechat_pay.tests.counter import NAME, Counter
from tests.faults.shop import MILK, fill_carts, place_all, stock_up

TOTAL, PART = 1590, 500
STEPS = ("create", "pay", "tell", "tell again", "lose", "poll", "close", "refund")
WAITING = """
SELECT EXISTS (SELECT FROM outbox WHERE tenant_id = $1 AND dispatched_at IS NULL)
    OR EXISTS (SELECT FROM delivery WHERE tenant_id = $1 AND done_at IS NULL AND dead_at IS NULL)
"""
STANDING = """
SELECT o.id, o.status, p.status AS payment, coalesce((SELECT sum(f.amount) FROM refund f
    WHERE f.tenant_id = $1 AND f.order_id = o.id), 0)::bigint AS back
FROM sales_order o LEFT JOIN payment p ON p.tenant_id = $1 AND p.order_id = o.id
WHERE o.tenant_id = $1 AND o.id = any($2::uuid[])
"""


@dataclass(slots=True)
class Model:
    """What should be so."""

    trade: str = "none"  #: none, open, paid or closed, at WeChat
    order: str = "PENDING_PAYMENT"
    known: bool = False  #: whether we know of the money
    closing: bool = False  #: whether the outbox has it closed
    told: bool = False  #: whether the inbox knows of the money
    back: int = 0

    def learn(self) -> None:
        """We hear of money that has come: it pays the order, or goes back."""
        if self.trade != "paid" or self.known:
            return
        self.known = True
        if self.order == "CANCELLED":
            self.back = TOTAL
        else:
            self.order = "PAID"

    def look(self) -> None:
        """We ask what has become of it; what nobody needs is closed by that."""
        self.learn()
        if self.order == "CANCELLED" and self.trade == "open":
            self.trade = "closed"

    def step(self, name: str) -> None:
        """One thing happens."""
        if name == "create" and self.order == "PENDING_PAYMENT":
            if self.trade == "none":
                self.trade = "open"
            self.learn()  # whoever begins again is told by WeChat that it is paid
        elif name == "pay" and self.trade == "open":
            self.trade = "paid"
        elif name in ("tell", "tell again"):
            self.told = self.told or self.trade == "paid"
        elif name == "poll":
            self.look()
        elif name == "close" and self.order in ("PENDING_PAYMENT", "PAID"):
            self.back = TOTAL if self.known else 0
            self.order, self.closing = "CANCELLED", not self.known and self.trade != "none"
        elif name == "refund" and self.order == "PAID":
            self.back += min(PART, TOTAL - self.back)
            self.order = "REFUNDED" if self.back == TOTAL else "PAID"

    def work(self) -> None:
        """The outbox is carried out."""
        if self.told or self.closing:
            self.learn()
        if self.closing and self.trade == "open":
            self.trade = "closed"
        self.told = self.closing = False

    @property
    def payment(self) -> str | None:
        if self.trade == "none":
            return None
        return "CAPTURED" if self.known else {"closed": "CANCELLED"}.get(self.trade, "PENDING")


@dataclass(slots=True)
class Played:
    """One order, with what should be so beside what is."""

    order: UUID
    steps: Sequence[str]
    model: Model = field(default_factory=Model)
    trade: Trade | None = None
    notice: Notice | None = None
    refunds: int = 0


@dataclass(slots=True)
class Play:
    """Orders of one brand side by side."""

    counter: Counter
    played: list[Played]
    works_at: frozenset[int]  #: after which steps the outbox is carried out
    done: Tally[str] = field(default_factory=Tally)
    divergences: list[object] = field(default_factory=list)

    async def run(self) -> None:
        """Everything, and whatever is left to do at the end."""
        for number in range(max(len(one.steps) for one in self.played)):
            for one in self.played:
                if number < len(one.steps):
                    await self._step(one, one.steps[number])
            if number in self.works_at:
                await self._work()
        await self._work()
        for one in self.played:  # what nobody told of is asked about
            await self._step(one, "poll")
        await self._work()
        self._compare_money()

    async def _step(self, one: Played, name: str) -> None:
        self.done[name] += 1
        one.model.step(name)
        await getattr(self, f"_{name.replace(' ', '_')}")(one)

    async def _create(self, one: Played) -> None:
        works = self.counter.platform.works(self.counter.world.tenant, ANONYMOUS)
        try:
            await payments.start(works, one.order, NAME, "p", {"openId": "somebody"})
        except DomainError:  # its order is over
            return
        if one.trade is None:
            one.trade = list(self.counter.wechat.trades.values())[-1]

    async def _pay(self, one: Played) -> None:
        if one.trade is None:
            return
        try:
            one.trade.pay()
        except Refused:
            return
        one.notice = of_trade(one.trade)

    async def _tell(self, one: Played) -> None:
        if one.notice is not None:
            assert await self.counter.tell(one.notice) == 204

    async def _tell_again(self, one: Played) -> None:
        if one.trade is not None and one.notice is not None:
            assert await self.counter.tell(of_trade(one.trade)) == 204  # by another name

    async def _lose(self, one: Played) -> None:
        """Nobody hears what was told."""

    async def _poll(self, one: Played) -> None:
        works = self.counter.platform.works(self.counter.world.tenant, system("test"))
        async with works() as work:
            [found] = await payments.payments_of(work, [one.order])
        for payment in found:
            await completing.complete(works, PaymentOverdue(payment_id=payment.id))

    async def _close(self, one: Played) -> None:
        async with self.counter.platform.open_work(self.counter.world.tenant, ANONYMOUS) as work:
            try:
                await payments.cancel_order(work, one.order, reason="no", key="c")
            except orders.OrderState:
                return

    async def _refund(self, one: Played) -> None:
        one.refunds += 1
        async with self.counter.platform.open_work(self.counter.world.tenant, system("test")) as work:
            [order] = await orders.visible(work, [one.order])
            assert order is not None
            amount = min(PART, order.payable - order.refunded)
            try:
                await payments.refund(
                    work, RefundWish(one.order, "soured", f"{one.order}-{one.refunds}", amount=amount or PART)
                )
            except DomainError:
                return

    async def _work(self) -> None:
        for one in self.played:
            one.model.work()
        await self._deliver()
        async with self.counter.platform.open_work(self.counter.world.tenant, system("test"), read_only=True) as work:
            rows = {row["id"]: row for row in await work.fetch(STANDING, [one.order for one in self.played])}
        for one in self.played:
            found, wanted = rows[one.order], one.model
            is_so = (found["status"], found["payment"], found["back"])
            if is_so != (wanted.order, wanted.payment, wanted.back):
                self.divergences.append((one.steps, is_so, replace(wanted)))

    async def _deliver(self) -> None:
        """Until nothing waits any more, and nothing that came of it."""
        platform, tenant = self.counter.platform, self.counter.world.tenant
        worker = Worker(platform)
        for _ in range(20):
            await worker.deliver(tenant)
            async with platform.open_work(tenant, system("test"), read_only=True) as work:
                if not await work.value(WAITING):
                    return
        raise AssertionError("there is no end to what waits")

    def _compare_money(self) -> None:
        """What WeChat has paid back is what we say has gone back."""
        back: Tally[int] = Tally()
        for refund in self.counter.wechat.refunds.values():
            back[id(refund.trade)] += refund.amount
        for one in self.played:
            if one.trade is not None and back[id(one.trade)] != one.model.back:
                self.divergences.append((one.steps, back[id(one.trade)], one.model))


async def play(counter: Counter, sequences: Sequence[Sequence[str]], works_at: frozenset[int]) -> Play:
    """Give each sequence an order, and play them."""
    platform, world = counter.platform, counter.world
    await stock_up(platform, world, 10_000)  # what is paid stays reserved
    placed = await place_all(platform, world, await fill_carts(platform, world, len(sequences), {MILK: 1}))
    made = Play(counter, [Played(order, steps) for order, steps in zip(placed, sequences, strict=True)], works_at)
    await made.run()
    return made
