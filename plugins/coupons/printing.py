"""Codes that turn into coupons: words for everybody, and batches of codes to print."""

from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, idempotency
from core.errors import Invalid
from core.idempotency import Request
from core.ids import as_read, grouped, new_id
from core.work import Work
from plugins.coupons import codes
from plugins.coupons.issuing import campaign_for

MOST = 5_000  #: codes of one batch
SHORTEST, LONGEST = 4, 32

ADD_WORD = """
INSERT INTO coupons_code (tenant_id, id, campaign_id, code_index, word, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, code_index) DO NOTHING
"""
COUNT = """
UPDATE coupons_campaign SET printed = printed + $3
WHERE tenant_id = $1 AND id = $2 AND (total IS NULL OR printed + $3 <= total)
"""
PRINT = """
INSERT INTO coupons_code (tenant_id, id, campaign_id, code_index, batch_id, created_at)
SELECT $1, n.id, $2, n.code_index, $3, $4 FROM unnest($5::uuid[], $6::bytea[]) AS n(id, code_index)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Printed codes; they are known to nobody once they were handed out, so they are handed out once."""

    id: UUID
    campaign_id: UUID
    codes: list[str] | None  #: None: they were handed out before


async def add_word(work: Work, campaign_id: UUID | None, word: str) -> UUID:
    """Let everybody claim a coupon by a word, as often as one member may."""
    campaign = await campaign_for(work, campaign_id, audiences=["CODE"])
    if not SHORTEST <= len(as_read(word)) <= LONGEST or not word.isprintable():
        raise Invalid(reason=f"A word has {SHORTEST} to {LONGEST} letters and digits.", path=("input", "word"))
    shown = word.strip().upper()
    if not await work.execute(ADD_WORD, new_id(), campaign.id, codes.index_of(work, word), shown, clock.now()):
        raise Invalid(reason="This word is taken.", path=("input", "word"))
    await audit.record(work, "coupons.word_added", "CouponsCampaign", campaign.id, after={"word": shown})
    return campaign.id


async def print_codes(work: Work, campaign_id: UUID | None, count: int, *, key: str) -> Batch:
    """Make a batch of codes, each good for one coupon; no more of them than there are coupons."""
    campaign = await campaign_for(work, campaign_id, audiences=["CODE"])
    if not 1 <= count <= MOST:
        raise Invalid(reason=f"A batch has 1 to {MOST} codes.", path=("input", "count"))
    request = Request("couponsCodesPrint", work.actor.label, key, [str(campaign.id), count])
    made: list[str] = []

    async def perform(batch_id: UUID) -> None:
        if not await work.execute(COUNT, campaign.id, count):
            raise Invalid(reason="There would be more codes than coupons.", path=("input", "count"))
        made.extend(codes.new_code() for _ in range(count))
        indexes = [codes.index_of(work, code) for code in made]
        await work.execute(PRINT, campaign.id, batch_id, clock.now(), [new_id() for _ in made], indexes)
        facts = {"batch": batch_id, "codes": count}
        await audit.record(work, "coupons.codes_printed", "CouponsCampaign", campaign.id, after=facts)

    batch_id = await idempotency.once(work, request, new_id(), perform)
    return Batch(batch_id, campaign.id, [grouped(code) for code in made] or None)
