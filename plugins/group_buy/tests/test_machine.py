"""Whatever people do in whatever order: places, money and holds add up, and who may join is who a model says."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import payments
from core.actors import Actor
from core.errors import DomainError
from core.payments import RefundWish
from plugins.group_buy.tests.audit import audit
from plugins.group_buy.tests.shop import PRICE, Shop

pytestmark = pytest.mark.anyio

SIZE = 3
NAMES = ("open", "join", "join", "join", "pay", "pay", "pay", "cancel", "refund", "expire", "sweep", "deliver")
NUMBERS = st.integers(0, 11)
STEPS = st.tuples(st.sampled_from(NAMES), NUMBERS, NUMBERS)
Step = tuple[str, int, int]


@dataclass
class Team:
    """What a team must be like."""

    id: UUID
    seats: dict[UUID, Actor] = field(default_factory=dict)  #: members who sit in it, by order
    paid: set[UUID] = field(default_factory=set)  #: orders of them
    closed: bool = False

    def takes(self, who: Actor) -> bool:
        return not self.closed and len(self.seats) < SIZE and who not in self.seats.values()


@dataclass
class Machine:
    shop: Shop
    campaign: UUID
    people: list[Actor]
    teams: list[Team] = field(default_factory=list)

    async def step(self, name: str, first: int, second: int) -> None:
        """Do one thing that can be done now; the numbers say with whom and what."""
        if name == "deliver":
            await self.deliver()
        elif name == "sweep":
            await self.shop.sweeps()
        elif name == "open":
            await self.open(self.people[first % len(self.people)])
        elif self.teams:
            await self.in_team(name, self.teams[first % len(self.teams)], second)

    async def in_team(self, name: str, team: Team, number: int) -> None:
        if name == "join":
            await self.join(team, self.people[number % len(self.people)])
        elif name == "expire":
            team.closed = True
            await self.shop.expire(team.id)
        elif team.seats:
            await self.of_order(name, team, list(team.seats)[number % len(team.seats)])

    async def open(self, who: Actor) -> None:
        team_id, order_id = await self.shop.opens(who, self.campaign, pays=False)
        self.teams.append(Team(team_id, {order_id: who}))

    async def join(self, team: Team, who: Actor) -> None:
        cart_id = await self.shop.cart(who)
        try:
            await self.shop.ask(who, cart_id, team=team.id)
        except DomainError:
            assert not team.takes(who)
            return
        assert team.takes(who)
        order_id = await self.shop.order(who, cart_id)
        assert isinstance(order_id, UUID), order_id
        team.seats[order_id] = who

    async def of_order(self, name: str, team: Team, order_id: UUID) -> None:
        who = team.seats[order_id]
        try:
            if name == "pay":
                await self.shop.pays(who, order_id)
                team.paid.add(order_id)
            else:
                await (self.refund(order_id) if name == "refund" else self.shop.cancels(who, order_id))
                del team.seats[order_id]
        except DomainError:  # it is paid for already, or not yet, or over
            return
        team.closed |= not team.seats

    async def refund(self, order_id: UUID) -> None:
        async with self.shop.work() as work:
            await payments.refund(work, RefundWish(order_id, "as asked", str(order_id)))

    async def deliver(self) -> None:
        await self.shop.delivers()
        for team in self.teams:
            team.closed |= len(team.paid & team.seats.keys()) == SIZE


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=20, max_size=40), late_payment=st.sampled_from(["refund", "new_team"]))
async def test_whatever_happens_the_books_are_in_order(shop: Shop, steps: list[Step], late_payment: str) -> None:
    await shop.stock_up(10_000)
    await shop.decide(late_payment=late_payment)
    campaign = await shop.campaign({SIZE: PRICE})
    machine = Machine(shop, campaign, await shop.crowd(4))
    for who in machine.people[:2]:  # else nothing could be done for many steps
        await machine.open(who)
    for step in steps:
        await machine.step(*step)
    await shop.sweeps()
    await shop.delivers()
    assert not await audit(shop)
    assert not shop.platform.breakers.condition(shop.world.tenant.id, "group_buy").faults
    await shop.change(campaign, active=False)
