"""A campaign for a brand of the demo: whoever tries it out finds one."""

from datetime import timedelta
from uuid import UUID

from core import clock
from core.work import Work
from plugins.group_buy import campaigns
from plugins.group_buy.drafts import Draft, Price

PLUGIN = "group_buy"
DAYS = 90
LADDER = ((2, 85, 80), (5, 70, 65))  #: members of a team, and percent of the price for them and for their leader
HOURS = 24

ANY = "SELECT 1 FROM group_buy_campaign WHERE tenant_id = $1 LIMIT 1"
FIRST = "SELECT id, name FROM product WHERE tenant_id = $1 AND published ORDER BY rating DESC NULLS LAST, slug LIMIT 1"
VARIANTS = "SELECT id, price FROM variant WHERE tenant_id = $1 AND product_id = $2 ORDER BY position, id"


async def add_campaign(work: Work) -> None:
    """Have the product that shoppers like best be bought together, unless the brand has a campaign already."""
    found = await work.fetch(FIRST)
    if not found or await work.value(ANY):
        return
    product_id: UUID = found[0]["id"]
    prices = [
        Price(row["id"], size, row["price"] * percent // 100, row["price"] * leader // 100)
        for row in await work.fetch(VARIANTS, product_id)
        for size, percent, leader in LADDER
    ]
    now = clock.now()
    draft = Draft(
        product_id=product_id,
        name=f"一起买{found[0]['name']}",
        prices=prices,
        starts_at=now,
        ends_at=now + timedelta(days=DAYS),
        hours=HOURS,
    )
    await campaigns.create(work, draft)
