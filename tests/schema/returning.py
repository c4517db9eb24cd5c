"""What the tests of returns do again and again: sell something, ask for a return, take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import rulebook
from core.actors import system
from core.rulebook import Wanted
from hexmart.testing import Client, World
from schema.relay import key_or_nothing
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.shop import Payload, act, buy, buy_delivered, done, read

RETURN_FIELDS = """{ id kind status reason note answer atFault trackingNumber dueAt endedAt allowedActions
  refunded { amount } freight { amount } store { code } refund { id amount { amount } }
  order { number status paymentStatus }
  lines { quantity received sellable replacement { sku } orderLine { id refundedQuantity variant { sku } } } }"""
RETURN = f"return {RETURN_FIELDS}"
READ_RETURN = f"query($id: ID!) {{ node(id: $id) {{ ... on Return {RETURN_FIELDS} }} }}"
LIST = """query($first: Int, $after: String, $where: ReturnWhere) {
  returns(first: $first, after: $after, where: $where) { totalCount nodes { id status store { code } }
    pageInfo { hasNextPage endCursor } } }"""
OF_ORDER = "query($id: ID!) { order(id: $id) { returns { id status } lines { returnableQuantity returnableUntil } } }"
BUYER = "13800000001"
SHELF = """
INSERT INTO shelf (tenant_id, store_id, variant_id, price) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, store_id, variant_id) DO UPDATE SET price = excluded.price
"""


@dataclass(eq=False)
class Counter:
    """A store's counter with a buyer before it."""

    platform: Platform
    world: World
    guest: Client
    buyer: Client
    staff: Client
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    async def sold(self, wanted: Mapping[str, int], store: str = "S1", buyer: Client | None = None) -> Payload:
        """An order that its buyer has collected."""
        order = await buy(buyer or self.buyer, self.world, wanted, store)
        code = {"code": order["pickupCode"], "storeId": self.world.stores[store]}
        done(await self.staff.do("orderVerify", code, "order { id }"), "order")
        return order

    async def delivered(self, wanted: Mapping[str, int]) -> Payload:
        """An order that was brought, for 6.00 where it is worth less than 39.00."""
        order = await buy_delivered(self.buyer, self.world, wanted)
        for step in ("orderAccept", "orderReady", "orderDispatch", "orderComplete"):
            done(await act(self.staff, step, order), "order")
        return order

    async def ask(
        self, order: Payload, wanted: Mapping[str, int], kind: str = "RETURN", *, by: Client | None = None, **more: Any
    ) -> Payload:
        """The payload of asking for a return."""
        lines = [{"orderLineId": line_of(order, sku), "quantity": quantity} for sku, quantity in wanted.items()]
        lines[0] |= more.pop("replacement", {})
        asked = {"orderId": order["id"], "kind": kind, "reason": "CHANGED_MIND", "lines": lines}
        asked |= {"idempotencyKey": self.key()} | more
        return await (by or self.buyer).do("returnRequest", asked, RETURN)

    async def asked(self, order: Payload, wanted: Mapping[str, int], kind: str = "RETURN", **more: Any) -> Payload:
        return done(await self.ask(order, wanted, kind, **more), "return")

    async def do(self, action: str, found: Payload, *, by: Client | None = None, **more: Any) -> Payload:
        """The payload of a step of a return."""
        return await (by or self.staff).do(action, {"returnId": found["id"]} | more, RETURN)

    async def did(self, action: str, found: Payload, **more: Any) -> Payload:
        return done(await self.do(action, found, **more), "return")

    async def approved(self, order: Payload, wanted: Mapping[str, int], kind: str = "RETURN", **more: Any) -> Payload:
        return await self.did("returnApprove", await self.asked(order, wanted, kind, **more))

    async def receive(self, found: Payload, came: Mapping[str, Any] | None = None, **more: Any) -> Payload:
        """The payload of taking goods in; quantities by SKU, or what else is said of a line."""
        asked: dict[str, Any] = {"idempotencyKey": self.key()} | more
        if came is not None:
            lines = {line["orderLine"]["variant"]["sku"]: line["orderLine"]["id"] for line in found["lines"]}
            asked["lines"] = [
                {"orderLineId": lines[sku]} | (said if isinstance(said, dict) else {"quantity": said})
                for sku, said in came.items()
            ]
        return await self.do("returnReceive", found, **asked)

    async def received(self, found: Payload, came: Mapping[str, Any] | None = None, **more: Any) -> Payload:
        return done(await self.receive(found, came, **more), "return")

    async def read(self, found: Payload, by: Client | None = None) -> Payload | None:
        row: Payload | None = (await (by or self.buyer).run(READ_RETURN, id=found["id"]))["node"]
        return row

    async def order(self, order: Payload) -> Payload:
        return await read(self.buyer, order) or {}

    async def sign_in(self) -> None:
        """Tokens do not outlive a clock that was moved by days."""
        self.buyer, self.staff = await self.guest.member(BUYER), await self.guest.staff(self.world.email("manager"))

    async def rule(self, key: str, value: object) -> None:
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            await rulebook.decide(work, Wanted(key=key, value=value))
        await self.platform.tell_changed(self.world.tenant.slug)
        self.world.tenant = await self.platform.registry.by_slug(self.world.tenant.slug)

    async def price(self, sku: str, minor: int, store: str = "S1") -> None:
        """What a store takes for something from now on."""
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            await work.execute(SHELF, self.world.store_keys[store], self.world.variant_keys[sku], minor)

    async def broken(self) -> dict[str, list[dict[str, object]]]:
        return await audit(self.platform, self.world.tenant)

    def id_of(self, order: Payload) -> UUID:
        return key_or_nothing("Order", order["id"])


def line_of(order: Payload, sku: str) -> str:
    return str(next(line["id"] for line in order["lines"] if line["variant"]["sku"] == sku))


def back(found: Payload) -> tuple[str, str]:
    """What is paid back, and what of it is for the delivery."""
    return found["refunded"]["amount"], found["freight"]["amount"]
