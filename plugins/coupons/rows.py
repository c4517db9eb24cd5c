"""Campaigns and coupons as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock
from core.money import Money
from plugins.coupons.terms import Terms, parse

ACTIVE = "ACTIVE"


@dataclass(slots=True)
class CampaignRow:
    id: UUID
    name: str
    state: str
    audience: str
    stored_terms: str
    total: int | None
    per_member: int
    claim_from: datetime | None
    claim_until: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    delay_days: int
    issued: int
    printed: int
    created_at: datetime

    @property
    def terms(self) -> Terms:
        return parse(self.stored_terms)

    @property
    def left(self) -> int | None:
        """How many are still to be had; None: as many as are wanted."""
        return None if self.total is None else self.total - self.issued

    @property
    def why_not_offered(self) -> str | None:
        """Why nobody gets one just now, were there any left."""
        now = clock.now()
        if self.state != ACTIVE:
            return "This campaign has ended."
        if self.claim_from is not None and now < self.claim_from:
            return "These coupons are not given out yet."
        if self.claim_until is not None and self.claim_until <= now:
            return "These coupons are given out no more."
        if self.valid_until is not None and self.valid_until <= now:
            return "The time of these coupons is over."
        return None


@dataclass(slots=True)
class CouponRow:
    id: UUID
    campaign_id: UUID
    member_id: UUID
    state: str  #: EXPIRED from the moment that its time is over, whoever has written that down
    sealed_code: bytes
    stored_terms: str
    origin: str
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    order_id: UUID | None
    store_id: UUID | None
    minor_discount: int
    used_at: datetime | None
    sealed_gift: bytes | None
    gift_taken_at: datetime | None
    tier: str | None  #: of its holder

    @property
    def terms(self) -> Terms:
        return parse(self.stored_terms)

    @property
    def discount(self) -> Money | None:
        """What it has taken off, where it is in an order or was used."""
        return Money(self.minor_discount, self.terms.currency) if self.state in {"TAKEN", "USED"} else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What has become of a campaign's coupons."""

    campaign_id: UUID
    claimed: int
    used: int
    taken: int  #: by orders that are not paid yet
    minor_discount: int
    currency: str

    @property
    def discount(self) -> Money:
        return Money(self.minor_discount, self.currency)
