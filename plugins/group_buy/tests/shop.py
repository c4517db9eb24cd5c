"""A brand with a campaign, and people who buy in it: by core's own verbs, each in a transaction of their own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from uuid import UUID

from core import carts, clock, inventory, members, orders, payments, rulebook
from core.actors import Actor, member, system
from core.errors import DomainError
from core.inventory import Correction
from core.orders import PlaceRequest
from core.rulebook import Wanted
from core.work import Work
from hexmart.testing import World
from hexmart.worker import Worker
from plugins.group_buy import asking, campaigns, queries
from plugins.group_buy.campaigns import Change
from plugins.group_buy.drafts import Draft, Price
from plugins.group_buy.rows import SeatRow, TeamRow
from tenants import Platform

MILK, MILK_2L, BREAD = "MILK-1L", "MILK-2L", "BREAD"
PRICE, LEADER_PRICE, FULL_PRICE = 1190, 990, 1590  #: of a litre of milk, in fen
RunWorker = Callable[[], Awaitable[None]]
LONGEST_CHAIN = 6  #: of events of which each makes the next one happen: paid, late, owed, refund requested, settled
_phones = count(13_900_000_000)

PRODUCT = "SELECT product_id FROM variant WHERE tenant_id = $1 AND id = $2"
TEAM_OF = "SELECT team_id FROM group_buy_seat WHERE tenant_id = $1 AND order_id = $2"
STATUS = "SELECT status FROM sales_order WHERE tenant_id = $1 AND id = $2"
MONEY = """
SELECT coalesce((SELECT sum(p.amount) FROM payment p WHERE p.tenant_id = $1 AND p.order_id = $2
    AND p.status = 'CAPTURED'), 0)::bigint AS paid,
    coalesce((SELECT sum(r.amount) FROM refund r WHERE r.tenant_id = $1 AND r.order_id = $2), 0)::bigint AS back,
    (SELECT count(*) FROM refund r WHERE r.tenant_id = $1 AND r.order_id = $2) AS refunds
"""
HELD = "SELECT held FROM sales_order WHERE tenant_id = $1 AND id = $2"
EXPIRE = "UPDATE group_buy_team SET expires_at = app_now() WHERE tenant_id = $1 AND id = $2"
CAMPAIGN_OVER = "UPDATE group_buy_campaign SET ends_at = app_now() WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Money:
    paid: int
    back: int
    refunds: int


@dataclass
class Shop:
    platform: Platform
    world: World

    def work(self, actor: Actor | None = None, *, read_only: bool = False) -> AbstractAsyncContextManager[Work]:
        """A transaction for somebody, or for Hexmart itself."""
        return self.platform.open_work(self.world.tenant, actor or system("test"), read_only=read_only)

    async def campaign(self, sizes: Mapping[int, int] | None = None, **wanted: object) -> UUID:
        """A campaign for milk: prices by size of team, a leader's price for the smallest."""
        ladder = dict(sizes or {3: PRICE})
        prices = [
            Price(self.world.variant_keys[MILK], size, minor, LEADER_PRICE if minor == PRICE else None)
            for size, minor in ladder.items()
        ]
        now = clock.now()
        async with self.work() as work:
            product_id = await work.value(PRODUCT, self.world.variant_keys[MILK])
            draft = Draft(
                product_id=product_id,
                name="一起买牛奶",
                prices=prices,
                starts_at=now - timedelta(minutes=1),
                ends_at=now + timedelta(days=7),
                hours=24,
            )
            return await campaigns.create(work, replace(draft, **wanted))  # type: ignore[arg-type]  # as the test says

    async def stock_up(self, units: int) -> None:
        """Have so many litres of milk."""
        async with self.work() as work:
            found = Correction("COUNT", counted=units)
            await inventory.correct(work, self.world.store_keys["S1"], self.world.variant_keys[MILK], found)

    async def shopper(self) -> Actor:
        """Somebody new."""
        async with self.work() as work:
            return member(await members.join(work, f"+86{next(_phones)}"))

    async def crowd(self, size: int) -> list[Actor]:
        async with self.work() as work:
            return [member(await members.join(work, f"+86{next(_phones)}")) for _ in range(size)]

    async def cart(self, who: Actor, wanted: Mapping[str, int] | None = None, store: str = "S1") -> UUID:
        lines = [(self.world.variant_keys[sku], quantity) for sku, quantity in (wanted or {MILK: 1}).items()]
        async with self.work(who) as work:
            cart, _ = await carts.create(
                work, store_id=self.world.store_keys[store], fulfilment="PICKUP", member_id=who.id, wanted=lines
            )
        return cart.id

    async def ask(
        self,
        who: Actor,
        cart_id: UUID,
        *,
        campaign: UUID | None = None,
        team: UUID | None = None,
        size: int | None = None,
    ) -> None:
        """Mark a cart: with a team it joins, else it opens one."""
        async with self.work(who) as work:
            if team is None:
                await asking.open_team(work, cart_id, campaign, size)
            else:
                await asking.join_team(work, cart_id, await asking.find_team(work, team_id=team, code=None), ("team",))

    async def forget(self, who: Actor, cart_id: UUID) -> None:
        """Buy a cart alone again."""
        async with self.work(who) as work:
            await asking.unmark(work, cart_id)

    async def buys_alone(self, who: Actor) -> UUID:
        """An order of a member that is no group's."""
        order_id = await self.order(who, await self.cart(who, {BREAD: 1}))
        assert isinstance(order_id, UUID), order_id
        return order_id

    async def decide(self, **values: object) -> None:
        """Set rules of the plugin."""
        async with self.work() as work:
            for name, value in values.items():
                await rulebook.decide(work, Wanted(key=f"group_buy.{name}", value=value))
        await self.platform.tell_changed(self.world.tenant.slug)
        self.world.tenant = await self.platform.registry.by_slug(self.world.tenant.slug)

    async def change(self, campaign: UUID, **wanted: object) -> None:
        """Change a campaign."""
        async with self.work() as work:
            await campaigns.change(work, campaign, Change(**wanted))  # type: ignore[arg-type]  # as the test says

    async def order(self, who: Actor, cart_id: UUID) -> UUID | DomainError:
        [answer] = await self.order_all([(who, cart_id)])
        return answer

    async def order_all(self, wishes: Sequence[tuple[Actor, UUID]]) -> list[UUID | DomainError]:
        """All of them in one batch, as the till of the API does it."""
        async with self.work() as work:
            return await orders.place(work, [PlaceRequest(cart_id, who, str(cart_id)) for who, cart_id in wishes])

    async def opens(
        self, who: Actor, campaign: UUID, *, pays: bool = True, size: int | None = None, store: str = "S1"
    ) -> tuple[UUID, UUID]:
        """Somebody opens a team: the team and the order."""
        cart_id = await self.cart(who, store=store)
        await self.ask(who, cart_id, campaign=campaign, size=size)
        order_id = await self.order(who, cart_id)
        assert isinstance(order_id, UUID), order_id
        if pays:
            await self.pays(who, order_id)
        async with self.work() as work:
            return await work.value(TEAM_OF, order_id), order_id

    async def joins(self, who: Actor, team: UUID, *, pays: bool = True, store: str = "S1") -> UUID:
        """Somebody joins a team: the order."""
        cart_id = await self.cart(who, store=store)
        await self.ask(who, cart_id, team=team)
        order_id = await self.order(who, cart_id)
        assert isinstance(order_id, UUID), order_id
        if pays:
            await self.pays(who, order_id)
        return order_id

    async def pays(self, who: Actor, order_id: UUID) -> None:
        works = self.platform.works(self.world.tenant, who)
        await payments.start(works, order_id, "sandbox", f"pay-{order_id}")

    async def cancels(self, who: Actor, order_id: UUID) -> None:
        async with self.work(who) as work:
            await payments.cancel_order(work, order_id, reason="changed my mind", key=f"c-{order_id}")

    async def attempts(self, who: Actor, order_id: UUID) -> None:
        """Pay, if that can still be done."""
        with suppress(DomainError):
            await self.pays(who, order_id)

    async def attempts_to_cancel(self, who: Actor, order_id: UUID) -> None:
        """Cancel, if that can still be done."""
        with suppress(DomainError):
            await self.cancels(who, order_id)

    async def delivers(self) -> None:
        """Deliver what has happened, and what that makes happen, without the sweeps."""
        for _ in range(LONGEST_CHAIN):
            await Worker(self.platform).deliver(self.world.tenant)

    async def sweeps(self) -> None:
        """End the teams whose time is up, and no more."""
        jobs = self.platform.hooks(self.world.tenant.plugins).jobs
        await Worker(self.platform).run_job(
            self.world.tenant, next(one for one in jobs if one.name == "group_buy.end_due")
        )

    async def expire(self, team: UUID) -> None:
        """Let a team's time be up."""
        async with self.work() as work:
            await work.execute(EXPIRE, team)

    async def end_campaign(self, campaign: UUID) -> None:
        """Let a campaign's time be up."""
        async with self.work() as work:
            await work.execute(CAMPAIGN_OVER, campaign)

    async def team(self, team: UUID) -> TeamRow:
        async with self.work(read_only=True) as work:
            found = (await queries.teams_by_ids(work, [team]))[0]
        assert found is not None
        return found

    async def seat(self, order_id: UUID) -> SeatRow:
        async with self.work(read_only=True) as work:
            team_id = await work.value(TEAM_OF, order_id)
            seats = (await queries.seats_of(work, [team_id]))[0]
        return next(seat for seat in seats if seat.order_id == order_id)

    async def status(self, order_id: UUID) -> str:
        async with self.work(read_only=True) as work:
            return str(await work.value(STATUS, order_id))

    async def held(self, order_id: UUID) -> bool:
        async with self.work(read_only=True) as work:
            return bool(await work.value(HELD, order_id))

    async def money(self, order_id: UUID) -> Money:
        async with self.work(read_only=True) as work:
            found = await work.row(Money, MONEY, order_id)
        assert found is not None
        return found
