"""A crowd of members, each with a cart of two lines and a coupon on it, all about to order."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bench.client import request
from core import clock, identity, inventory, members
from core.actors import member, system
from core.identity import signing_in
from core.ids import new_id
from core.work import Work
from hexmart.app import Application
from plugins.coupons import campaigns, codes
from plugins.coupons.campaigns import Plan
from plugins.coupons.granting import grant
from plugins.coupons.terms import Terms
from schema.relay import global_id

AT_ONCE = 500  #: members whose coupons and carts are made in one transaction
PLACE = """mutation Place($input: OrderPlaceInput!) { orderPlace(input: $input) {
  order { id number status totals { payable { amount } } reservedUntil } userErrors { code message }
} }"""
LOOK = "query Look($id: ID!) { cart(id: $id) { version totals { payable { amount } discounts { amount } } } }"

COUPONS = "SELECT id, member_id, code FROM coupons_coupon WHERE tenant_id = $1 AND campaign_id = $2"
CARTS = """
INSERT INTO cart (tenant_id, id, store_id, fulfilment, member_id, marks, created_at, expires_at)
SELECT $1, c.id, c.store_id, 'PICKUP', c.member_id, '{coupons}', $5, $6
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS c(id, store_id, member_id)
"""
LINES = """
INSERT INTO cart_line (tenant_id, id, cart_id, variant_id, quantity)
SELECT $1, l.id, l.cart_id, l.variant_id, 1
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS l(id, cart_id, variant_id)
"""
CODES = """
INSERT INTO cart_code (tenant_id, cart_id, code, plugin, label, added_at)
SELECT $1, c.cart_id, c.code, 'coupons', 'A yuan off', $4 FROM unnest($2::uuid[], $3::text[]) AS c(cart_id, code)
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """Where somebody buys, and the two things that they buy one of."""

    store_id: UUID
    variant_ids: tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody with a full cart."""

    token: str
    cart_id: UUID

    @property
    def look(self) -> bytes:
        """A look at the cart, as everybody takes one before the sale begins."""
        return request(LOOK, id=global_id("Cart", self.cart_id))

    @property
    def place(self) -> bytes:
        """The order."""
        return request(PLACE, input={"cartId": global_id("Cart", self.cart_id), "idempotencyKey": str(self.cart_id)})


async def gather(inside: Application, brand: str, wishes: Sequence[Wish], scarce: Mapping[UUID, int]) -> list[Buyer]:
    """A buyer for each wish; there is enough of everything, but of some variants so many units and no more."""
    tenant, buyers = await inside.platform.registry.by_slug(brand), list[Buyer]()
    async with inside.platform.open_work(tenant, system("bench")) as work:
        campaign_id = await _campaign(work)
        await _stock(work, wishes, scarce)
    while len(buyers) < len(wishes):
        async with inside.platform.open_work(tenant, system("bench")) as work:
            some = wishes[len(buyers) : len(buyers) + AT_ONCE]
            phones = [f"+86199{number:08}" for number in range(len(buyers), len(buyers) + len(some))]
            people = [await members.join(work, phone) for phone in phones]
            carts = await _carts(work, campaign_id, people, some)
            tokens = [(await identity.issue(work, signing_in(member(key)))).access_token for key in people]
            buyers += [Buyer(token, cart) for token, cart in zip(tokens, carts, strict=True)]
    return buyers


async def _campaign(work: Work) -> UUID:
    terms = Terms(label="A yuan off", kind="AMOUNT", currency=work.brand.currency, off=100)
    return await campaigns.create(work, Plan(name="Bench", audience="STAFF", terms=terms, valid_days=30))


async def _stock(work: Work, wishes: Sequence[Wish], scarce: Mapping[UUID, int]) -> None:
    places: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for wish in wishes:
        places[wish.store_id].update(wish.variant_ids)
    for store_id, wanted in sorted(places.items()):
        held = await inventory.hold(work, store_id, wanted)
        units = {key: scarce.get(key, count) for key, count in wanted.items()}
        await inventory.shift(
            work, store_id, {key: held[key].reserved + units[key] - held[key].on_hand for key in units}, "COUNT"
        )


async def _carts(work: Work, campaign_id: UUID, people: Sequence[UUID], wishes: Sequence[Wish]) -> list[UUID]:
    await grant(work, campaign_id, people, key=f"{campaign_id}:{people[0]}")
    found = {row["member_id"]: row for row in await work.fetch(COUPONS, campaign_id)}
    carts, now = [new_id() for _ in people], clock.now()
    stores = [wish.store_id for wish in wishes]
    await work.execute(CARTS, carts, stores, list(people), now, now + timedelta(days=1))
    lines = [(new_id(), cart, key) for cart, wish in zip(carts, wishes, strict=True) for key in wish.variant_ids]
    await work.execute(LINES, *(list(column) for column in zip(*lines, strict=True)))
    coupons = [found[person] for person in people]
    written = [codes.opened(work, coupon["code"], "code", coupon["id"]) for coupon in coupons]
    await work.execute(CODES, carts, written, now)
    return carts
