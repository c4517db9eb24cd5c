"""The plugin's part of the attack: what its calls are given, and what has to be there before they mean something."""

import secrets

from tests.schema.shop import done
from tests.security.attack.sides import Scene, Side, Things
from tests.security.attack.sources import KEY, Of

TOP_UP = Of("value.top_up")
CURSOR = "{ viewer { ... on Member { valueStatement(first: 1) { pageInfo { endCursor } } } } }"

PARTS = {"ValueTopUp": TOP_UP}
SOURCES = {
    "Member.valueStatement": {"first": 5, "after": Of("value.cursor")},
    "ValueTopUpStartInput": {
        "amount": "10",
        "provider": "sandbox",
        "details": {"code": "a"},
        "idempotencyKey": KEY,
    },
    "ValueRefundInput": {"topUpId": TOP_UP, "amount": "1", "reason": "moved away", "idempotencyKey": KEY},
}


async def equip(side: Side) -> Things:
    """Money that the member has paid in, twice, so that a page of the statement has one that follows."""
    made = [await _paid_in(side) for _ in range(2)]
    page = (await side.callers["member"].run(CURSOR))["viewer"]["valueStatement"]["pageInfo"]
    return {TOP_UP.kind: made[0], "value.cursor": page["endCursor"]}


async def unspent(side: Side, _: str) -> Things:
    """Money that the member has just paid in."""
    return {TOP_UP.kind: await _paid_in(side)}


async def _paid_in(side: Side) -> str:
    wish = {"amount": "10", "provider": "sandbox", "idempotencyKey": secrets.token_hex(8)}
    made = await side.callers["member"].do("valueTopUpStart", wish, "topUp { id }")
    return str(done(made, "topUp")["id"])


SCENES = {"valueRefund": Scene(unspent)}
