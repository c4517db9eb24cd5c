"""The plans a brand can be on: what it may have, and how much may be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.work import Quotas

STANDARD = "standard"  #: the plan of a brand that chose none


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """None is no limit."""

    name: str
    quotas: Quotas
    requests_per_second: int | None  #: of all the brand's callers together; this and the next
    cost_per_minute: int | None
    otp_per_hour: int | None  #: one-time codes sent to its members, each of which costs money
    callers_limited: bool = True  #: whether a caller, or a network address, may ask too much by itself


PLANS: Mapping[str, Plan] = {
    plan.name: plan
    for plan in (
        Plan(
            name="free",
            quotas=Quotas(stores=1, staff=5, orders_per_day=50),
            requests_per_second=50,
            cost_per_minute=300_000,
            otp_per_hour=100,
        ),
        Plan(
            name=STANDARD,
            quotas=Quotas(stores=50, staff=500, orders_per_day=5_000),
            requests_per_second=500,
            cost_per_minute=3_000_000,
            otp_per_hour=2_000,
        ),
        Plan(
            name="enterprise",
            quotas=Quotas(),
            requests_per_second=None,
            cost_per_minute=None,
            otp_per_hour=20_000,
        ),
        Plan(
            name="demo",
            quotas=Quotas(),
            requests_per_second=None,
            cost_per_minute=None,
            otp_per_hour=None,
            callers_limited=False,  # whoever tries it out may do so with all they have
        ),
    )
}


def plan_of(name: str) -> Plan:
    """The plan of that name; one that only a newer release knows is taken for the standard one until this one ends."""
    return PLANS.get(name) or PLANS[STANDARD]
