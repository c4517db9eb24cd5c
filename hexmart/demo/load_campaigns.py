"""A few campaigns of coupons, one for each way to come by one."""

from core.work import Work
from plugins.coupons import campaigns, printing, queries
from plugins.coupons.campaigns import Plan
from plugins.coupons.terms import Terms

PLUGIN = "coupons"
WORD = "HEXMART"  #: that everybody may claim one by


async def add_campaigns(work: Work) -> None:
    """Begin them, unless the brand has campaigns already."""
    if await queries.count_campaigns(work):
        return
    for plan in _plans(work.brand.currency):
        campaign_id = await campaigns.create(work, plan)
        if plan.audience == "CODE":
            await printing.add_word(work, campaign_id, WORD)


def _plans(currency: str) -> list[Plan]:
    five_off = Terms(label="满39减5", kind="AMOUNT", currency=currency, off=500, minimum_spend=3_900, givable=True)
    share = Terms(label="九折券", kind="PERCENT", currency=currency, basis_points=1_000, most=2_000)
    delivery = Terms(label="免配送费", kind="FREE_DELIVERY", currency=currency, stackable=True)
    welcome = Terms(
        label="新人礼", kind="AMOUNT", currency=currency, off=1_000, minimum_spend=2_000, channel="ANYWHERE"
    )
    return_ = Terms(label="回头客", kind="AMOUNT", currency=currency, off=300, channel="ANYWHERE", stackable=True)
    collected = Terms(label="自提礼", kind="AMOUNT", currency=currency, off=200, channel="ANYWHERE", stackable=True)
    return [
        Plan(name=five_off.label, audience="PUBLIC", terms=five_off, total=10_000, per_member=2, valid_days=14),
        Plan(name=delivery.label, audience="PUBLIC", terms=delivery, per_member=5, valid_days=30),
        Plan(name=share.label, audience="CODE", terms=share, total=5_000, valid_days=30),
        Plan(name=welcome.label, audience="NEW_MEMBERS", terms=welcome, valid_days=30),
        Plan(name=return_.label, audience="AFTER_SALE", terms=return_, per_member=100, valid_days=30),
        Plan(name=collected.label, audience="AFTER_PICKUP", terms=collected, per_member=100, valid_days=30),
    ]
