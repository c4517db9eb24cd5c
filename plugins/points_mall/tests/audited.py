"""How each mutation of staff succeeds and is refused, for the test that looks into the log."""

from tests.schema.auditing import Case, Input, Stage, plain
from tests.schema.shop import done

OFFER = {"kind": "SERVICE", "name": "A polish", "points": 100, "validDays": 7}


async def made(stage: Stage) -> Input:
    offer = done(await stage.actor.do("pointsMallOfferSave", OFFER, "offer { id }"), "offer")
    return {"offerId": offer["id"]}


CASES = {
    "pointsMallOfferSave": plain(OFFER, points=0),
    "pointsMallOfferEnd": Case(made, {"offerId": "x"}),
}
