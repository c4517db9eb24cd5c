"""A brand with coupons, and what people do in it: each call is a transaction of its own."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import carts, clock, members, orders, payments
from core.actors import ANONYMOUS, Actor, member, system
from core.carts import CartRow
from core.errors import DomainError
from core.ids import new_id
from core.orders import OrderRow, PlaceRequest
from core.payments import RefundWish
from core.work import Work
from hexmart.testing import World
from plugins.coupons import campaigns, claiming, codes, queries
from plugins.coupons.campaigns import Plan
from plugins.coupons.rows import CampaignRow, CouponRow
from plugins.coupons.terms import Terms
from tenants import Platform

FIVE_OFF = Terms(label="Five off", kind="AMOUNT", currency="CNY", off=500)
TEN_PERCENT = Terms(label="Ten percent", kind="PERCENT", currency="CNY", basis_points=1_000)
FREE_DELIVERY = Terms(label="Free delivery", kind="FREE_DELIVERY", currency="CNY")
MILK = "MILK-1L"  #: 15.90 yuan


@dataclass
class Shop:
    platform: Platform
    world: World
    joined: int = field(default=0)

    def work(self, actor: Actor | None = None, *, read_only: bool = False) -> AbstractAsyncContextManager[Work]:
        """A transaction of Hexmart's own, or of somebody's."""
        return self.platform.open_work(self.world.tenant, actor or system("test"), read_only=read_only)

    async def at_once(self, *deeds: Awaitable[Any]) -> list[Any]:
        """What comes of deeds that begin together: all connections are open, so that none is over before the rest."""
        size = int(self.platform.app.pool.size())  # type: ignore[attr-defined]  # a QueuePool has one
        together = asyncio.Barrier(size)

        async def open_one() -> None:
            async with self.work(read_only=True) as work:
                await work.value("SELECT $1::bigint")
                await together.wait()

        await asyncio.gather(*(open_one() for _ in range(size)))
        return await asyncio.gather(*deeds, return_exceptions=True)

    async def campaign(self, terms: Terms = FIVE_OFF, *, audience: str = "PUBLIC", **plan: Any) -> UUID:
        """A new campaign; its coupons are valid for a week unless it says otherwise."""
        if "valid_until" not in plan:
            plan.setdefault("valid_days", 7)
        async with self.work() as work:
            return await campaigns.create(work, Plan(name=terms.label, audience=audience, terms=terms, **plan))

    async def members(self, count: int) -> list[UUID]:
        """So many new members."""
        async with self.work() as work:
            phones = [f"+86138{self.joined + number:08d}" for number in range(count)]
            self.joined += count
            return [await members.join(work, phone) for phone in phones]

    async def member(self) -> UUID:
        return (await self.members(1))[0]

    async def claim(self, holder: UUID, campaign_id: UUID, *, key: str | None = None) -> UUID:
        async with self.work(member(holder)) as work:
            return await claiming.claim(work, holder, campaign_id, key=key or str(new_id()))

    async def coupon_of(self, terms: Terms = FIVE_OFF, *, holder: UUID | None = None, **plan: Any) -> "Held":
        """A coupon of a campaign of its own, in somebody's hands."""
        owner = holder or await self.member()
        return await self.held(await self.claim(owner, await self.campaign(terms, **plan)))

    async def held(self, coupon_id: UUID) -> "Held":
        row = await self.coupon(coupon_id)
        async with self.work(read_only=True) as work:
            return Held(coupon_id, row.member_id, codes.opened(work, row.sealed_code, "code", coupon_id))

    async def coupon(self, coupon_id: UUID) -> CouponRow:
        async with self.work(read_only=True) as work:
            found = (await queries.by_ids(work, [coupon_id]))[0]
        assert found is not None
        return found

    async def state(self, held: "Held") -> str:
        return (await self.coupon(held.id)).state

    async def campaign_row(self, campaign_id: UUID) -> CampaignRow:
        async with self.work(read_only=True) as work:
            found = (await queries.campaigns_by_ids(work, [campaign_id]))[0]
        assert found is not None
        return found

    async def value(self, sql: str, *arguments: Any) -> Any:
        async with self.work(read_only=True) as work:
            return await work.value(sql, *arguments)

    async def cart(
        self,
        holder: UUID | None,
        wanted: Mapping[str, int] | None = None,
        *codes_on_it: str,
        store: str | None = "S1",
        fulfilment: str = "PICKUP",
    ) -> UUID:
        """A cart of a member's or a guest's, with codes on it."""
        lines = [(self.world.variant_keys[sku], quantity) for sku, quantity in (wanted or {MILK: 1}).items()]
        async with self.work(member(holder) if holder else ANONYMOUS) as work:
            cart, _ = await carts.create(
                work,
                store_id=self.world.store_keys[store] if store else None,
                fulfilment=fulfilment,
                member_id=holder,
                wanted=lines,
            )
        for code in codes_on_it:
            await self.apply(holder, cart.id, code)
        return cart.id

    async def apply(self, holder: UUID | None, cart_id: UUID, code: str) -> None:
        async with self.work(member(holder) if holder else ANONYMOUS) as work:
            await carts.apply_code(work, cart_id, code)

    async def read(self, cart_id: UUID) -> CartRow:
        async with self.work(read_only=True) as work:
            found = (await carts.by_ids(work, [cart_id]))[0]
        assert found is not None
        return found

    async def off(self, cart_id: UUID) -> int:
        """What comes off the goods of a cart, in minor units."""
        totals = (await self.read(cart_id)).totals
        assert totals is not None
        return totals.discounts.minor

    async def why_not(self, cart_id: UUID) -> list[str | None]:
        return [code.reason for code in (await self.read(cart_id)).codes]

    async def place(self, holder: UUID, *cart_ids: UUID) -> list[UUID | DomainError]:
        """Orders out of carts, in one batch."""
        requests = [PlaceRequest(cart_id=key, actor=member(holder), key=str(key)) for key in cart_ids]
        async with self.work(member(holder)) as work:
            return await orders.place(work, requests)

    async def order(self, holder: UUID, *codes_on_it: str, wanted: Mapping[str, int] | None = None) -> UUID:
        """An order that is waiting to be paid."""
        answer = (await self.place(holder, await self.cart(holder, wanted, *codes_on_it)))[0]
        assert isinstance(answer, UUID), answer
        return answer

    async def order_row(self, order_id: UUID) -> OrderRow:
        async with self.work(read_only=True) as work:
            found = (await orders.visible(work, [order_id]))[0]
        assert found is not None
        return found

    async def pay(self, holder: UUID, order_id: UUID) -> None:
        await payments.start(self.platform.works(self.world.tenant, member(holder)), order_id, "sandbox", str(order_id))

    async def cancel(self, order_id: UUID) -> None:
        async with self.work() as work:
            await payments.cancel_order(work, order_id, reason="a test", key=str(new_id()))

    async def refund(self, order_id: UUID, **wish: Any) -> None:
        async with self.work() as work:
            await payments.refund(work, RefundWish(order_id, "a test", str(new_id()), **wish))


@dataclass(frozen=True, slots=True)
class Held:
    """A coupon and who holds it."""

    id: UUID
    member_id: UUID
    code: str


def ago(**span: float) -> datetime:
    return clock.now() - timedelta(**span)


def ahead(**span: float) -> datetime:
    return clock.now() + timedelta(**span)


def scoped(terms: Terms, **more: Any) -> Terms:
    return replace(terms, **more)


def codes_of(answers: Sequence[object]) -> list[str]:
    """The codes of refusals among answers, "ok" for what is none; whatever else went wrong is raised."""
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, DomainError):
            raise answer
    return [answer.code if isinstance(answer, DomainError) else "ok" for answer in answers]


def read_together(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, callers: int) -> None:
    """Have so many callers of a read go on only when all of them have read: the race that luck seldom shows."""
    read, together = getattr(owner, name), asyncio.Barrier(callers)

    async def wait(*arguments: Any, **named: Any) -> Any:
        found = await read(*arguments, **named)
        async with asyncio.timeout(20):
            await together.wait()
        return found

    monkeypatch.setattr(owner, name, wait)
