"""How each mutation of staff succeeds and is refused, for the test that looks into the log."""

from typing import Any

from tests.schema.auditing import Case, Input, Making, Stage
from tests.schema.shop import done

MILK = '{ product(slug: "milk") { id variants { id } } }'
TIME = {"startsAt": "2026-01-05T00:00:00Z", "endsAt": "2990-01-05T00:00:00Z", "hours": 24}


async def wished(stage: Stage) -> Input:
    milk = (await stage.guest.run(MILK))["product"]
    price = {"variantId": milk["variants"][0]["id"], "size": 2, "price": "9.90"}
    return {"productId": milk["id"], "name": "Milk for two", "prices": [price]} | TIME


def of_campaign(**given: Any) -> Making:
    async def make(stage: Stage) -> Input:
        made = await stage.actor.do("groupBuyCampaignCreate", await wished(stage), "campaign { id }")
        return {"campaignId": done(made, "campaign")["id"]} | given

    return make


CASES = {
    "groupBuyCampaignCreate": Case(wished, {"prices": []}),
    "groupBuyCampaignUpdate": Case(of_campaign(name="Milk"), {"hours": 0}),
    "groupBuyCampaignEnd": Case(of_campaign(), {"campaignId": "x"}),
}
