"""How returns are decided and taken in, and how that is refused: cases for the log."""

from tests.schema.auditing import Case, Input, Stage
from tests.schema.shop import done

_RETURN = "return { id }"


async def sold(stage: Stage, kind: str) -> Input:
    order = await stage.of_order()
    code = {"code": order["pickupCode"], "storeId": stage.world.stores["S1"]}
    done(await stage.actor.do("orderVerify", code, "order { id }"), "order")
    line = {"orderLineId": order["lines"][0]["id"], "quantity": 1}
    return {"orderId": order["id"], "kind": kind, "reason": "OTHER", "lines": [line], "idempotencyKey": "1"}


async def asked(stage: Stage, kind: str = "RETURN") -> Input:
    """By the buyer: staff would have approved it at once."""
    made = await stage.guest.do("returnRequest", await sold(stage, kind), _RETURN)
    return {"returnId": done(made, "return")["id"]}


async def rejected(stage: Stage) -> Input:
    return await asked(stage) | {"answer": "worn"}


async def approved(stage: Stage, kind: str = "RETURN") -> Input:
    found = await asked(stage, kind)
    done(await stage.actor.do("returnApprove", found, _RETURN), "return")
    return found


async def received(stage: Stage) -> Input:
    return await approved(stage) | {"idempotencyKey": "1"}


async def exchanged(stage: Stage) -> Input:
    found = await approved(stage, "EXCHANGE")
    done(await stage.actor.do("returnReceive", found | {"idempotencyKey": "1"}, _RETURN), "return")
    return found


CASES = {
    "returnApprove": Case(asked, {"returnId": "x"}),
    "returnReject": Case(rejected, {"returnId": "x"}),
    "returnReceive": Case(received, {"returnId": "x"}),
    "returnHandOver": Case(exchanged, {"returnId": "x"}),
    "returnRefund": Case(exchanged, {"returnId": "x"}),
}
