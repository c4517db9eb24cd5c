"""How each mutation of staff succeeds and is refused, for the test that looks into the log."""

from tests.schema.auditing import Case, Input, Stage
from tests.schema.shop import PHONE, done


async def paid_in(stage: Stage) -> Input:
    member = await stage.guest.member(PHONE)
    wish = {"amount": "10", "provider": "sandbox", "idempotencyKey": "1"}
    made = done(await member.do("valueTopUpStart", wish, "topUp { id }"), "topUp")
    return {"topUpId": made["id"], "amount": "5", "reason": "moved away", "idempotencyKey": "1"}


CASES = {"valueRefund": Case(paid_in, {"topUpId": "x"})}
