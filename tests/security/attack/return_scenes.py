"""What has to have happened before calls that are about returns."""

import secrets

from tests.schema.shop import done, fill, pay, place
from tests.security.attack.furnishing import GOODS
from tests.security.attack.sides import Scene, Side, Things

SOLD = GOODS[-1]  #: the variant that calls name
_RETURN = "return { id }"


async def sold(side: Side, caller: str) -> Things:
    """An order that its buyer has collected."""
    buyer = side.buyer(caller)
    order = await pay(buyer, await place(buyer, await fill(buyer, side.world, {SOLD: 4}, side.store)))
    code = {"code": order["pickupCode"], "storeId": side.store_id}
    done(await side.callers["owner"].do("orderVerify", code, "order { id }"), "order")
    return {"order": order["id"], "order.line": order["lines"][0]["id"]}


async def asked(side: Side, caller: str, kind: str = "RETURN") -> Things:
    """Some of it is to come back."""
    things = await sold(side, caller)
    return things | {"return": await _ask(side, caller, things, kind)}


async def approved(side: Side, caller: str, kind: str = "RETURN") -> Things:
    """It may."""
    things = await asked(side, caller, kind)
    await _do(side, "returnApprove", things, answer=side.mark)
    return things


async def exchanged(side: Side, caller: str) -> Things:
    """It has come, and something is kept for it."""
    things = await approved(side, caller, "EXCHANGE")
    await _do(side, "returnReceive", things, idempotencyKey=secrets.token_hex(8))
    return things


async def browsed(side: Side, caller: str) -> str:
    """Some of an order is paid back, and some is to be exchanged."""
    things = await approved(side, caller)
    await _do(side, "returnReceive", things, idempotencyKey=secrets.token_hex(8))
    await _ask(side, caller, things, "EXCHANGE")
    return str(things["return"])


async def _ask(side: Side, caller: str, things: Things, kind: str) -> str:
    line = {"orderLineId": things["order.line"], "quantity": 1}
    if kind == "EXCHANGE":
        line |= {"replacementId": side.world.variants[SOLD]}
    wish = {"orderId": things["order"], "kind": kind, "reason": "OTHER", "lines": [line], "note": side.mark}
    made = await side.buyer(caller).do("returnRequest", wish | {"idempotencyKey": secrets.token_hex(8)}, _RETURN)
    return str(done(made, "return")["id"])


async def _do(side: Side, step: str, things: Things, **more: object) -> None:
    done(await side.callers["owner"].do(step, {"returnId": things["return"]} | more, _RETURN), "return")


RETURN_SCENES: dict[str, Scene] = {
    "returnRequest": Scene(sold),
    "returnApprove": (waiting := Scene(asked)),
    "returnReject": waiting,
    "returnCancel": waiting,
    "returnSend": (coming := Scene(approved)),
    "returnReceive": coming,
    "returnHandOver": (here := Scene(exchanged)),
    "returnRefund": here,
}
