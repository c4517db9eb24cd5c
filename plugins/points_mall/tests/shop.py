"""A brand with a points mall, and what people do in it: each call is a transaction of its own."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from core import clock, contacts, inventory, ledger, members, orders, payments, rulebook
from core.actors import Actor, member, system
from core.errors import DomainError
from core.ids import new_id
from core.inventory import Correction
from core.ledger import Key, Own, Transfer, Unit
from core.orders import OrderLineRow, OrderRow, PlaceRequest
from core.payments import RefundWish
from core.rulebook import Wanted
from core.verification import Shown, Verified, verify_any
from core.work import Work
from hexmart.testing import World
from hexmart.testing.statements import listening
from hexmart.worker import Worker
from plugins.points_mall import codes, offers, queries, redeeming, returning
from plugins.points_mall.offers import Plan
from plugins.points_mall.redeeming import Delivery, Wish
from plugins.points_mall.rows import OfferRow, RedemptionRow
from tenants import Platform
from tests.faults.audit import audit

MILK = "MILK-1L"  #: 15.90 yuan
ADDRESS = contacts.Address("Li", "+8613800000000", "Nanjing Road 1", "Shanghai", 31.2304, 121.4737)
#: who is refused undoes all of it, where it is a transaction of their own
UNDO = "DELETE FROM points_mall_redemption WHERE tenant_id = $1 AND state = 'WANTED'"
_phones = count(13_700_000_000)


@dataclass
class Shop:
    platform: Platform
    world: World

    def work(self, actor: Actor | None = None, *, read_only: bool = False) -> AbstractAsyncContextManager[Work]:
        """A transaction of Hexmart's own, or of somebody's."""
        return self.platform.open_work(self.world.tenant, actor or system("test"), read_only=read_only)

    async def goods(self, *, points: int = 100, **plan: Any) -> UUID:
        """A litre of milk for points."""
        return await self.offer(kind="GOODS", points=points, variant_id=self.world.variant_keys[MILK], **plan)

    async def service(self, *, points: int = 100, **plan: Any) -> UUID:
        return await self.offer(kind="SERVICE", points=points, **({"valid_days": 7} | plan))

    async def offer(self, **plan: Any) -> UUID:
        async with self.work() as work:
            return await offers.save(work, None, Plan(**({"name": "An offer"} | plan)))

    async def change(self, offer_id: UUID, **plan: Any) -> None:
        async with self.work() as work:
            found = (await queries.offers_by_ids(work, [offer_id]))[0]
            assert found is not None
            await offers.save(work, offer_id, replace(offers.plan_of(found), **plan))

    async def decide(self, **values: object) -> None:
        """Set rules of the plugin."""
        async with self.work() as work:
            for name, value in values.items():
                await rulebook.decide(work, Wanted(key=f"points_mall.{name}", value=value))
        await self.platform.tell_changed(self.world.tenant.slug)
        self.world.tenant = await self.platform.registry.by_slug(self.world.tenant.slug)

    async def stock_up(self, units: int) -> None:
        """Have so many litres of milk."""
        async with self.work() as work:
            found = Correction("COUNT", counted=units)
            await inventory.correct(work, self.world.store_keys["S1"], self.world.variant_keys[MILK], found)

    async def members(self, many: int, points: int = 1_000) -> list[UUID]:
        """So many new members, with points."""
        async with self.work() as work:
            made = [await members.join(work, f"+86{next(_phones)}") for _ in range(many)]
            if points:
                await ledger.post(work, [_earned(key, points) for key in made])
        return made

    async def member(self, points: int = 1_000) -> UUID:
        return (await self.members(1, points))[0]

    async def redeem(
        self, who: UUID, offer_id: UUID, quantity: int = 1, *, key: str | None = None, **wish: Any
    ) -> UUID:
        """Have something for points; at the first store unless it says otherwise."""
        wanted = Wish(offer_id, quantity, **({"store_id": self.world.store_keys["S1"]} | wish))
        async with self.work(member(who)) as work:
            return await redeeming.redeem(work, who, wanted, key=key or str(new_id()))

    async def brought(self, who: UUID, offer_id: UUID) -> UUID:
        return await self.redeem(who, offer_id, delivery=Delivery(ADDRESS))

    async def cancel(self, who: UUID, redemption_id: UUID) -> None:
        async with self.work(member(who)) as work:
            await returning.cancel(work, who, redemption_id)

    async def balance(self, who: UUID) -> int:
        async with self.work(read_only=True) as work:
            return (await ledger.balances(work, Unit.POINTS, [who]))[who].available

    async def redemption(self, redemption_id: UUID) -> RedemptionRow:
        async with self.work(read_only=True) as work:
            found = (await queries.redemptions_by_ids(work, [redemption_id]))[0]
        assert found is not None
        return found

    async def stands(self, redemption_id: UUID) -> tuple[str, int, int]:
        """The state of a redemption, how many were given back, and what of the offer is taken."""
        row = await self.redemption(redemption_id)
        return row.state, row.returned, (await self.row(row.offer_id)).taken

    async def row(self, offer_id: UUID) -> OfferRow:
        async with self.work(read_only=True) as work:
            found = (await queries.offers_by_ids(work, [offer_id]))[0]
        assert found is not None
        return found

    async def order(self, redemption_id: UUID) -> OrderRow:
        """The order that brings what was redeemed."""
        key = (await self.redemption(redemption_id)).order_id
        async with self.work(read_only=True) as work:
            found = (await orders.visible(work, [key] if key else []))[0]
        assert found is not None
        return found

    async def lines(self, order_id: UUID) -> Sequence[OrderLineRow]:
        async with self.work(read_only=True) as work:
            return (await orders.lines_of(work, [order_id]))[0]

    async def pay(self, who: UUID, order_id: UUID) -> None:
        await payments.start(self.platform.works(self.world.tenant, member(who)), order_id, "sandbox", str(order_id))

    async def cancel_order(self, order_id: UUID) -> None:
        async with self.work() as work:
            await payments.cancel_order(work, order_id, reason="a test", key=str(new_id()))

    async def refund(self, order_id: UUID, quantity: int) -> None:
        """Pay so many of an order's only goods back."""
        [line] = await self.lines(order_id)
        async with self.work() as work:
            wish = RefundWish(order_id, "a test", str(new_id()), quantities={line.id: quantity})
            await payments.refund(work, wish)

    async def code(self, redemption_id: UUID) -> str:
        sealed = (await self.redemption(redemption_id)).sealed_code
        assert sealed is not None
        async with self.work(read_only=True) as work:
            return codes.opened(work, sealed, redemption_id)

    async def show(self, code: str, store: str = "S1") -> Verified:
        """Show a code at a counter."""
        async with self.work() as work:
            return await verify_any(work, Shown(code, self.world.store_keys[store]))

    async def delivers(self) -> None:
        """Have what has happened be told."""
        for _ in range(4):
            await Worker(self.platform).deliver(self.world.tenant)

    async def audit(self) -> dict[str, list[dict[str, object]]]:
        return await audit(self.platform, self.world.tenant)

    async def earn(self, who: UUID, points: int, *, days: int) -> None:
        """Points that are good for so many days."""
        async with self.work() as work:
            await ledger.post(work, [replace(_earned(who, points), expires_at=clock.now() + timedelta(days=days))])

    async def place_together(self, whos: Sequence[UUID], offer_id: UUID) -> list[str]:
        """What members are told whose orders are placed in one batch; who is refused has had nothing."""
        async with self.work() as work:
            answers = await orders.place(work, await self._filled(work, whos, offer_id))
            await work.execute(UNDO)
        return [told(answer) for answer in answers]

    async def statements_together(self, whos: Sequence[UUID], offer_id: UUID) -> tuple[int, list[UUID]]:
        """How many statements a batch of orders takes, and the orders."""
        async with self.work() as work:
            requests = await self._filled(work, whos, offer_id)
            with listening() as sent:
                answers = await orders.place(work, requests)
        return len(sent), [answer for answer in answers if isinstance(answer, UUID)]

    async def _filled(self, work: Work, whos: Sequence[UUID], offer_id: UUID) -> list[PlaceRequest]:
        offer = (await queries.offers_by_ids(work, [offer_id]))[0]
        assert offer is not None
        wish, requests = Wish(offer_id, 1, self.world.store_keys["S1"]), []
        for who in whos:
            redemption_id = new_id()
            cart_id = await redeeming.fill(work, offer, who, wish, redemption_id)
            requests.append(PlaceRequest(cart_id, member(who), str(redemption_id)))
        return requests

    async def at_once(self, wishes: Sequence[tuple[UUID, UUID]], quantity: int = 1) -> list[str]:
        """What members are told who redeem at the same moment, each in a transaction of their own."""
        deeds = [self.redeem(who, offer_id, quantity) for who, offer_id in wishes]
        return [told(answer) for answer in await asyncio.gather(*deeds, return_exceptions=True)]


def told(answer: object) -> str:
    """The code of a refusal, or "ok"; what is neither is named."""
    if isinstance(answer, DomainError):
        return answer.code
    return type(answer).__name__ if isinstance(answer, BaseException) else "ok"


def _earned(who: UUID, points: int) -> Transfer:
    key = Key("test.earned", str(new_id()))
    return Transfer(key=key, unit=Unit.POINTS, amount=points, giver=Own.ISSUED, taker=who)
