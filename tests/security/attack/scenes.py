"""What has to have happened before a call means something, by the call."""

import secrets
from typing import Any

from hexmart.testing import Client
from tests.refusing import refuse
from tests.schema.shop import ADDRESS, ORDER, Payload, act, done, fill, pay, place
from tests.security.attack.delivery_scenes import called, on_its_way
from tests.security.attack.furnishing import BOX, GOODS, TEA, dead_letter
from tests.security.attack.made_up import CODE, HELD
from tests.security.attack.return_scenes import RETURN_SCENES, browsed
from tests.security.attack.sides import Scene, Side, Things
from tests.security.attack.staff_scenes import STAFF_SCENES
from tests.security.attack.supply_scenes import SUPPLY_SCENES, oddly_sold, received

LATER = "2990-01-05T10:00:00+08:00"
NOTE = "note "
FULL_CART = "cart { id version lines { id } }"
FULL_ORDER = "order { id number pickupCode kind lines { id } fulfilments { id } payments { id } refunds { id } }"
READ_ORDER = f"query($id: ID!) {{ order(id: $id) {FULL_ORDER.removeprefix('order ')} }}"


async def open_cart(side: Side, caller: str) -> Things:
    """A cart with something in it; of each side in another version."""
    buyer = side.buyer(caller)
    cart = await fill(buyer, side.world, {TEA: 2}, side.store)
    for _ in range(side.turns):
        wish = {"cartId": cart["id"], "lineId": cart["lines"][0]["id"], "quantity": 2}
        cart = done(await buyer.do("cartLineUpdate", wish, FULL_CART), "cart")
    return {"cart": cart["id"], "cart.line": cart["lines"][0]["id"], "cart.version": cart["version"]}


async def coded_cart(side: Side, caller: str) -> Things:
    """A cart with a code on it."""
    cart = await open_cart(side, caller)
    done(await side.buyer(caller).do("cartCodeApply", {"cartId": cart["cart"], "code": CODE}, FULL_CART), "cart")
    return cart


async def guests_cart(side: Side, _: str) -> Things:
    """A cart that no member has claimed yet."""
    return await open_cart(side, "guest")


async def members_cart(side: Side, _: str) -> Things:
    """A cart of the member's own, newer than any that others deal with."""
    return await open_cart(side, "member")


async def unpaid_order(side: Side, caller: str) -> Things:
    """An order that waits to be paid, and something holds it."""
    buyer = side.buyer(caller)
    return await _things(buyer, await place(buyer, await fill(buyer, side.world, {TEA: HELD}, side.store)))


async def paid_order(side: Side, caller: str) -> Things:
    """An order that waits for its store."""
    buyer = side.buyer(caller)
    cart = await fill(buyer, side.world, {TEA: 2}, side.store)
    done(await buyer.do("cartCodeApply", {"cartId": cart["id"], "code": CODE}, FULL_CART), "cart")
    order = await pay(buyer, await place(buyer, cart, note=NOTE + side.mark))
    return {"cart.ordered": cart["id"]} | await _things(buyer, order)


async def accepted_order(side: Side, caller: str) -> Things:
    """An order that its store has taken on."""
    things = await paid_order(side, caller)
    await _step(side, "orderAccept", things)
    return things


async def ready_delivery(side: Side, caller: str) -> Things:
    """An order that waits for a courier."""
    buyer = side.buyer(caller)
    things = await _things(buyer, await _delivered(side, buyer))
    for step in ("orderAccept", "orderReady"):
        await _step(side, step, things)
    return things


async def called_courier(side: Side, caller: str) -> Things:
    """An order for which a courier is looked for."""
    things = await ready_delivery(side, caller)
    return things | await called(side, things["order"])


async def dispatched(side: Side, caller: str) -> Things:
    """An order that is on its way."""
    things = await ready_delivery(side, caller)
    await _step(side, "orderDispatch", things)
    return things


async def browsing(side: Side, caller: str) -> Things:
    """Carts and orders that have something at the end of each edge; nothing uses them up."""
    buyer, cart = side.buyer(caller), await coded_cart(side, caller)
    await buyer.do("cartFulfilmentSet", {"cartId": cart["cart"]} | _delivery(side), FULL_CART)
    short = await fill(buyer, side.world, dict.fromkeys(GOODS, 2), side.store)
    wish = {"cartId": short["id"], "fulfilment": "PICKUP", "storeId": side.world.stores["S3"]}
    done(await buyer.do("cartFulfilmentSet", wish, FULL_CART), "cart")
    delivered = await _delivered(side, buyer)
    for step in ("orderAccept", "orderReady"):
        await _step(side, step, {"order": delivered["id"]})
    shipment = await called(side, delivered["id"])
    await on_its_way(side, shipment["shipment"])
    parts = (await _things(buyer, delivered))["fulfilment"]
    order = await paid_order(side, caller)
    moved = await requested_transfer(side, caller)
    refund = [await _refunded(side, one) for one in (delivered["id"], order["order"])][-1]
    named = {
        "cart.short": short["id"],
        "order.delivered": delivered["id"],
        "refund": refund,
        "fulfilment.delivered": parts,
        "return.paid": await browsed(side, caller),
    }
    odd = await oddly_sold(side, caller)
    return {**order, **cart, **moved, **named, **shipment, **odd, **await received(side, caller)}


async def requested_transfer(side: Side, _: str) -> Things:
    """Goods that wait to be sent."""
    return {"transfer": await _ask(side, side.store_id, side.standing["elsewhere"])}


async def incoming_transfer(side: Side, _: str) -> Things:
    """Goods that are on their way to the side's store."""
    transfer = {"transferId": await _ask(side, side.standing["elsewhere"], side.store_id)}
    done(await side.callers["owner"].do("transferSend", transfer, "transfer { id }"), "transfer")
    return {"transfer": transfer["transferId"]}


async def _ask(side: Side, source: str, destination: str) -> str:
    lines = [{"variantId": side.standing["variant"], "quantity": 1}]
    wish = {"sourceId": source, "destinationId": destination, "lines": lines, "note": NOTE + side.mark}
    key = {"idempotencyKey": secrets.token_hex(8)}
    return str(done(await side.callers["owner"].do("transferCreate", wish | key, "transfer { id }"), "transfer")["id"])


async def code_sent(side: Side, _: str) -> Things:
    """A one-time code waits on a phone."""
    await side.callers["guest"].do("memberOtpRequest", {"phone": side.standing["phone.with_code"]})
    return {}


async def signed_in(side: Side, _: str) -> Things:
    """Somebody holds a refresh token."""
    wish = {"email": side.world.email("clerk"), "password": "hexmart-demo"}
    session = await side.callers["guest"].do("staffSignIn", wish, "refreshToken")
    return {"token.refresh": session["refreshToken"]}


async def undelivered(side: Side, _: str) -> Things:
    """An event waits for somebody to replay it."""
    return {"letter": await dead_letter(side.callers["guest"].application.platform, side.world, side.mark)}


async def failed_refund(side: Side, caller: str) -> Things:
    """A provider has refused to pay back."""
    order = await paid_order(side, caller)
    platform, refund = side.callers["guest"].application.platform, await _refunded(side, order["order"])
    return order | {"refund.failed": await refuse(platform, side.world, refund)}


async def _refunded(side: Side, order: str) -> str:
    wish = {"orderId": order, "amount": "0.01", "reason": side.mark, "idempotencyKey": order}
    refund = done(await side.callers["owner"].do("refundCreate", wish, "refund { id }"), "refund")
    return str(refund["id"])


async def _delivered(side: Side, buyer: Client) -> Payload:
    cart = await fill(buyer, side.world, dict.fromkeys((*GOODS, BOX), 1), side.store)
    cart = done(await buyer.do("cartFulfilmentSet", {"cartId": cart["id"]} | _delivery(side), FULL_CART), "cart")
    contact = {"name": side.mark, "phone": side.standing["member.phone"]}
    return await pay(buyer, await place(buyer, cart, contact=contact, note=NOTE + side.mark))


def _delivery(side: Side) -> dict[str, Any]:
    phone = side.standing["member.phone"]
    address = ADDRESS | {"recipient": side.mark, "line": side.mark, "phone": phone}
    contact = {"name": side.mark, "phone": phone}
    wish = {"fulfilment": "DELIVERY", "storeId": side.store_id, "slotStart": LATER}
    return wish | {"address": address, "contact": contact}


async def _things(buyer: Client, order: Payload) -> dict[str, Any]:
    found = (await buyer.run(READ_ORDER, id=order["id"]))["order"]
    parts = {"fulfilment": found["fulfilments"], "payment": found["payments"], "order.line": found["lines"]}
    named = {"order": found["id"], "order.number": found["number"], "order.code": found["pickupCode"]}
    return named | {kind: part[0]["id"] for kind, part in parts.items() if part}


async def _step(side: Side, step: str, things: Things) -> None:
    done(await act(side.callers["owner"], step, {"id": things["order"]}), ORDER.split()[0])


BROWSING = Scene(browsing, lasting=True)
#: by call or by root field; what is not here is called with what browsing shows
SCENES: dict[str, Scene] = (
    STAFF_SCENES
    | SUPPLY_SCENES
    | RETURN_SCENES
    | {
        "cartLineAdd": (cart := Scene(open_cart)),
        "cartScan": cart,
        "cartPointsSet": Scene(members_cart),
        "cartLineUpdate": cart,
        "cartFulfilmentSet": cart,
        "cartClaim": Scene(guests_cart),
        "cartCodeApply": cart,
        "cartCodeRemove": Scene(coded_cart),
        "orderPlace": cart,
        "orderCancel": (paid := Scene(paid_order)),
        "orderAccept": paid,
        "orderAccept(again)": (accepted := Scene(accepted_order)),
        "orderPrepare": accepted,
        "orderReady": accepted,
        "orderDispatch": Scene(ready_delivery),
        "orderComplete": Scene(dispatched),
        "orderReject": paid,
        "shipmentCancel": (looked_for := Scene(called_courier)),
        "shipmentTip": looked_for,
        "orderVerify": paid,
        "verify": paid,
        "posConflictSettle": Scene(oddly_sold),
        "paymentStart": Scene(unpaid_order),
        "refundCreate": paid,
        "refundRetry": Scene(failed_refund),
        "transferSend": (requested := Scene(requested_transfer)),
        "transferCancel": requested,
        "transferReceive": Scene(incoming_transfer),
        "memberSignIn": Scene(code_sent),
        "tokenRefresh": Scene(signed_in),
        "deadLetterReplay": Scene(undelivered),
    }
)
