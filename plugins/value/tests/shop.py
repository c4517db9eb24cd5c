"""A brand whose members have stored value, and what they do with it."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from core import carts, ledger, members, orders, payments, rulebook
from core.actors import Actor, member, system
from core.errors import DomainError
from core.ids import new_id
from core.ledger import Key, Own, Transfer, Unit
from core.money import Money
from core.orders import OrderRow, PlaceRequest
from core.payments import PaymentRow, RefundWish
from core.rulebook import Wanted
from core.work import Work
from hexmart.testing import World
from plugins.value import queries, topping_up
from tenants import Platform

MILK, PRICE = "MILK-1L", 1590
_phones = count(13_700_000_000)


class Paid(NamedTuple):
    payment: PaymentRow
    order: OrderRow


@dataclass
class Shop:
    platform: Platform
    world: World

    def work(self, actor: Actor | None = None, *, read_only: bool = False) -> AbstractAsyncContextManager[Work]:
        return self.platform.open_work(self.world.tenant, actor or system("test"), read_only=read_only)

    async def shopper(self, value: int = 0, bonus: int = 0) -> Actor:
        """Somebody new who has so much."""
        return await self.known(str(next(_phones)), value, bonus)

    async def known(self, phone: str, value: int = 0, bonus: int = 0) -> Actor:
        """Whoever has that phone, with so much more."""
        async with self.work() as work:
            who = await members.join(work, f"+86{phone}")
            given = [(Unit.VALUE, Own.PAID_IN, value), (Unit.BONUS, Own.ISSUED, bonus)]
            await ledger.post(
                work,
                [
                    Transfer(key=Key("test.given", str(new_id())), unit=unit, amount=many, giver=own, taker=who)
                    for unit, own, many in given
                    if many
                ],
            )
        return member(who)

    async def rules(self, **values: object) -> None:
        """Set rules, by their keys with a double underscore for the dot."""
        async with self.work() as work:
            for key, value in values.items():
                await rulebook.decide(work, Wanted(key=key.replace("__", "."), value=value))
        await self.platform.tell_changed(self.world.tenant.slug)
        self.world.tenant = await self.platform.registry.by_slug(self.world.tenant.slug)

    async def pay_in(self, who: Actor, amount: int, provider: str = "sandbox", key: str | None = None) -> PaymentRow:
        assert who.id is not None
        works, money = self.platform.works(self.world.tenant, who), Money(amount, "CNY")
        return (await topping_up.start(works, who.id, money, provider, key or str(new_id()), {})).payment

    async def order(self, who: Actor, wanted: Mapping[str, int] | None = None) -> UUID:
        """What somebody has ordered and not paid yet."""
        lines = [(self.world.variant_keys[sku], quantity) for sku, quantity in (wanted or {MILK: 1}).items()]
        store = self.world.store_keys["S1"]
        async with self.work(who) as work:
            cart, _ = await carts.create(work, store_id=store, fulfilment="PICKUP", member_id=who.id, wanted=lines)
        async with self.work(who) as work:
            [placed] = await orders.place(work, [PlaceRequest(cart_id=cart.id, actor=who, key=str(cart.id))])
        assert isinstance(placed, UUID), placed
        return placed

    async def pay(self, who: Actor, order: UUID, provider: str = "stored_value", **wanted: Any) -> Paid:
        works = self.platform.works(self.world.tenant, who)
        outcome = await payments.start(works, order, provider, wanted.pop("key", str(new_id())), **wanted)
        assert outcome.order is not None
        return Paid(outcome.payment, outcome.order)

    async def tried(self, who: Actor, order: UUID, provider: str = "stored_value", **wanted: Any) -> Paid | Exception:
        """The same, or why not."""
        try:
            return await self.pay(who, order, provider, **wanted)
        except (DomainError, RuntimeError) as refusal:
            return refusal

    async def refund(self, order: UUID, amount: int | None = None) -> None:
        async with self.work() as work:
            await payments.refund(work, RefundWish(order, "a dent", str(new_id()), amount=amount))

    async def cancel(self, order: UUID) -> None:
        async with self.work() as work:
            await payments.cancel_order(work, order, reason="no", key=str(order))

    async def has(self, who: Actor) -> tuple[int, int]:
        """Stored value and bonus."""
        assert who.id is not None
        async with self.work(read_only=True) as work:
            found = (await queries.balances(work, [who.id]))[who.id]
        return found.available.minor, found.bonus.minor

    async def read(self, order: UUID) -> OrderRow:
        async with self.work(read_only=True) as work:
            [found] = await orders.visible(work, [order])
        assert found is not None
        return found

    async def paid(self, order: UUID) -> dict[str, tuple[int, int]]:
        """What was captured by each provider, and what of it went back."""
        async with self.work(read_only=True) as work:
            made, back = (await payments.payments_of(work, [order]))[0], (await payments.refunds_of(work, [order]))[0]
        return {
            one.provider: (one.minor, sum(refund.minor for refund in back if refund.payment_id == one.id))
            for one in made
            if one.status == "CAPTURED"
        }
