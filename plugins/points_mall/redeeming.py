"""Redeeming points: goods by an order, a coupon or a service at once; all of it in one transaction."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from core import carts, clock, idempotency, orders
from core.contacts import Address, Contact
from core.errors import DomainError, Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.inventory import OutOfStock, ShortLine
from core.orders import PlaceRequest
from core.rewards import Reward
from core.work import Work
from plugins.points_mall import codes, queries
from plugins.points_mall.errors import PointsMallClosed
from plugins.points_mall.reasons import PATH
from plugins.points_mall.rows import Kind, OfferRow
from plugins.points_mall.taking import take, today
from plugins.points_mall.wants import Want

PLUGIN_NAME = "points_mall"
#: what core's refusals name, as whoever redeems has said it
_SAID = {"cartId": "storeId", "lines": "quantity", "address": "delivery"}

WRITE = """
INSERT INTO points_mall_redemption (tenant_id, id, offer_id, member_id, kind, name, state, quantity, points, minor,
    day, store_id, cart_id, code_index, code, valid_until, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""


class Delivery(NamedTuple):
    """Where goods are brought."""

    address: Address
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member wants for points."""

    offer_id: UUID | None
    quantity: int = 1
    store_id: UUID | None = None
    delivery: Delivery | None = None


class _Appointment(NamedTuple):
    """The columns that a service alone has."""

    code_index: bytes | None = None
    code: bytes | None = None
    until: object = None


async def redeem(work: Work, member_id: UUID, wish: Wish, *, key: str) -> UUID:
    """Give the member what is wanted, for points; the same key gives the same redemption."""
    request = Request("pointsMallRedeem", work.actor.label, key, list(map(str, _parts(wish))))

    async def perform(redemption_id: UUID) -> None:
        offer = await _offer(work, wish)
        if offer.kind == Kind.GOODS:
            await _order(work, offer, member_id, wish, redemption_id)
        elif offer.kind == Kind.COUPON:
            await _give(work, offer, member_id, redemption_id)
        else:
            await _appoint(work, offer, member_id, wish, redemption_id)

    return await idempotency.once(work, request, new_id(), perform)


def _parts(wish: Wish) -> tuple[object, ...]:
    return (wish.offer_id, wish.quantity, wish.store_id, wish.delivery)


async def _offer(work: Work, wish: Wish) -> OfferRow:
    """The offer, if what is wanted of it makes sense."""
    found = (await queries.offers_by_ids(work, [wish.offer_id]))[0] if wish.offer_id is not None else None
    if found is None:
        raise NotFound(what="offer", path=PATH)
    most = carts.MOST_OF_A_LINE if found.kind == Kind.GOODS else 1
    if not 1 <= wish.quantity <= most:
        raise Invalid(reason=f"Of this offer 1 to {most} can be had at once.", path=("input", "quantity"))
    if found.kind != Kind.GOODS and wish.delivery is not None:
        raise Invalid(reason="Only goods are brought.", path=("input", "delivery"))
    if found.kind == Kind.GOODS and wish.store_id is None and wish.delivery is None:
        raise Invalid(reason="Say at which store, or where it is to be brought.", path=("input", "storeId"))
    return found


async def _order(work: Work, offer: OfferRow, member_id: UUID, wish: Wish, redemption_id: UUID) -> None:
    """Have the goods ordered as any others are: the claim of that order takes the offer and the points."""
    try:
        cart_id = await fill(work, offer, member_id, wish, redemption_id)
        answer = (await orders.place(work, [PlaceRequest(cart_id, work.actor, str(redemption_id))]))[0]
        if isinstance(answer, DomainError):
            raise answer
    except DomainError as refusal:
        refusal.path = _said(refusal.path)
        raise


async def fill(work: Work, offer: OfferRow, member_id: UUID, wish: Wish, redemption_id: UUID) -> UUID:
    """A cart of what is wanted, at its price for points; the transaction that makes it is to order it."""
    cart_id = await _cart(work, offer, member_id, wish)
    want = _want(offer, member_id, wish, redemption_id)
    await _write(work, offer, want, "WANTED", cart_id=cart_id)
    await carts.mark(work, cart_id, PLUGIN_NAME)
    return cart_id


async def _cart(work: Work, offer: OfferRow, member_id: UUID, wish: Wish) -> UUID:
    """A cart with what is wanted and nothing else; what there is too little of is not cut, as in carts of shoppers."""
    assert offer.variant_id is not None, "goods are of a variant"
    wanted = [(offer.variant_id, wish.quantity)]
    cart, cuts = await carts.create(
        work, store_id=wish.store_id, fulfilment="PICKUP", member_id=member_id, wanted=wanted
    )
    if cuts and wish.store_id is not None:
        [cut] = cuts
        raise OutOfStock(
            [ShortLine(wish.store_id, offer.variant_id, cut.wanted, cut.given)], path=("input", "quantity")
        )
    if wish.delivery is not None:
        address, contact = wish.delivery
        way = carts.Wish("DELIVERY", store_id=wish.store_id, address=address, contact=contact)
        await carts.set_fulfilment(work, cart.id, way)
    return cart.id


async def _give(work: Work, offer: OfferRow, member_id: UUID, redemption_id: UUID) -> None:
    """Give a coupon that another plugin knows."""
    assert offer.reward_kind is not None, "a coupon is of something"
    assert offer.reward_id is not None, "a coupon is of something"
    want = _want(offer, member_id, Wish(offer.id), redemption_id)
    await _take(work, want)
    await _write(work, offer, want, "ISSUED")
    reward = Reward(offer.reward_kind, offer.reward_id)
    if await work.hooks.issue_reward(work, reward, member_id, redemption_id) is None:
        raise PointsMallClosed(reason="nobody gives its coupon any more.", path=PATH)


async def _appoint(work: Work, offer: OfferRow, member_id: UUID, wish: Wish, redemption_id: UUID) -> None:
    """Have a service wait for the member to show its code."""
    want, code = _want(offer, member_id, wish, redemption_id), codes.new_code()
    await _take(work, want)
    until = clock.now() + timedelta(days=offer.valid_days or 0)
    index, sealed = codes.index_of(work, code), codes.seal(work, code, redemption_id)
    await _write(work, offer, want, "OPEN", appointment=_Appointment(index, sealed, until))


async def _take(work: Work, want: Want) -> None:
    refusal = (await take(work, [want]))[0]
    if refusal is not None:
        raise refusal


def _want(offer: OfferRow, member_id: UUID, wish: Wish, redemption_id: UUID) -> Want:
    return Want(redemption_id, offer.id, member_id, wish.quantity, offer.points, offer.minor, wish.store_id)


async def _write(
    work: Work,
    offer: OfferRow,
    want: Want,
    state: str,
    *,
    cart_id: UUID | None = None,
    appointment: _Appointment | None = None,
) -> None:
    what = (want.redemption_id, offer.id, want.member_id, offer.kind, offer.name, state)
    price = (want.quantity, want.points, want.minor)
    when_and_where = (today(work), want.store_id, cart_id)
    await work.execute(WRITE, *what, *price, *when_and_where, *(appointment or _Appointment()), clock.now())


def _said(path: tuple[str, ...]) -> tuple[str, ...]:
    """The field of the input that a refusal of core's is about."""
    return (path[0], _SAID.get(path[1], path[1])) if len(path) > 1 else path
