"""Campaigns: making, changing and ending them. What somebody holds already stays as it was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, clock
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.work import Work
from plugins.coupons import queries
from plugins.coupons.rows import CampaignRow
from plugins.coupons.terms import Terms, dump

MOST_DAYS = 3_650

INSERT = """
INSERT INTO coupons_campaign (tenant_id, id, name, audience, terms, total, per_member, claim_from, claim_until,
    valid_from, valid_until, valid_days, delay_days, created_at)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
UPDATE = """
UPDATE coupons_campaign SET name = $3, audience = $4, terms = $5::text::jsonb, total = $6, per_member = $7,
    claim_from = $8, claim_until = $9, valid_from = $10, valid_until = $11, valid_days = $12, delay_days = $13
WHERE tenant_id = $1 AND id = $2 AND state = 'ACTIVE' AND ($6::bigint IS NULL OR (issued <= $6 AND printed <= $6))
"""
END = "UPDATE coupons_campaign SET state = 'ENDED' WHERE tenant_id = $1 AND id = $2 AND state = 'ACTIVE'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a campaign is to be like."""

    name: str
    audience: str
    terms: Terms
    total: int | None = None
    per_member: int = 1
    claim_from: datetime | None = None
    claim_until: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    valid_days: int | None = None
    delay_days: int = 0

    def check(self) -> None:
        """Refuse what makes no sense."""
        self._check_numbers()
        if (self.valid_until is None) == (self.valid_days is None):
            raise _invalid("Say either until when coupons are valid, or for how many days.", "validUntil")
        if self.valid_days is not None and self.valid_from is not None:
            raise _invalid("Coupons that are valid for days begin with the claim: use delayDays.", "validFrom")
        if self.valid_until is not None and self.delay_days:
            raise _invalid("Coupons with fixed dates have no delay: use validFrom.", "delayDays")
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            raise _invalid("Coupons are valid for some time: validFrom lies before validUntil.", "validFrom")
        if self.claim_from and self.claim_until and self.claim_from >= self.claim_until:
            raise _invalid("Coupons are given out for some time: claimFrom lies before claimUntil.", "claimFrom")

    def _check_numbers(self) -> None:
        if self.total is not None and not 1 <= self.total <= 10**9:
            raise _invalid("There are 1 to a thousand million coupons, or as many as are wanted.", "total")
        if not 1 <= self.per_member <= 1_000:
            raise _invalid("A member may have 1 to 1000 of them.", "perMember")
        if not 0 <= self.delay_days <= MOST_DAYS:
            raise _invalid(f"A delay has 0 to {MOST_DAYS} days.", "delayDays")
        if self.valid_days is not None and not 1 <= self.valid_days <= MOST_DAYS:
            raise _invalid(f"Coupons are valid for 1 to {MOST_DAYS} days.", "validDays")

    @property
    def columns(self) -> tuple[object, ...]:
        window = (self.claim_from, self.claim_until, self.valid_from, self.valid_until)
        limits = (self.total, self.per_member)
        return (self.name, self.audience, dump(self.terms), *limits, *window, self.valid_days, self.delay_days)

    @property
    def facts(self) -> dict[str, object]:
        """The plan for the log."""
        return {
            "name": self.name,
            "audience": self.audience,
            "total": self.total,
            "per_member": self.per_member,
            "terms": dump(self.terms),
        }


async def create(work: Work, plan: Plan) -> UUID:
    """Begin a campaign."""
    plan.check()
    campaign_id = new_id()
    await work.execute(INSERT, campaign_id, *plan.columns, clock.now())
    await audit.record(work, "coupons.campaign_created", "CouponsCampaign", campaign_id, after=plan.facts)
    return campaign_id


async def change(work: Work, campaign_id: UUID | None, plan: Plan) -> UUID:
    """Change a campaign for whoever gets a coupon from now on."""
    before = await _active(work, campaign_id)
    plan.check()
    if not await work.execute(UPDATE, before.id, *plan.columns):
        raise _invalid(f"{before.issued} were given out and {before.printed} printed already.", "total")
    was = plan_of(before).facts
    await audit.record(work, "coupons.campaign_changed", "CouponsCampaign", before.id, before=was, after=plan.facts)
    return before.id


async def end(work: Work, campaign_id: UUID | None) -> UUID:
    """Give out no more coupons of it; those that members have stay good."""
    before = await _active(work, campaign_id)
    await work.execute(END, before.id)
    await audit.record(
        work,
        "coupons.campaign_ended",
        "CouponsCampaign",
        before.id,
        before={"state": before.state},
        after={"state": "ENDED", "issued": before.issued},
    )
    return before.id


def plan_of(row: CampaignRow) -> Plan:
    """The plan that a campaign follows."""
    return Plan(
        name=row.name,
        audience=row.audience,
        terms=row.terms,
        total=row.total,
        per_member=row.per_member,
        claim_from=row.claim_from,
        claim_until=row.claim_until,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        valid_days=row.valid_days,
        delay_days=row.delay_days,
    )


async def _active(work: Work, campaign_id: UUID | None) -> CampaignRow:
    found = (await queries.campaigns_by_ids(work, [campaign_id]))[0] if campaign_id is not None else None
    if found is None:
        raise NotFound(what="campaign", path=("input", "campaignId"))
    if found.state != "ACTIVE":
        raise Invalid(reason="This campaign has ended.", path=("input", "campaignId"))
    return found


def _invalid(reason: str, field: str) -> Invalid:
    return Invalid(reason=reason, path=("input", field))
