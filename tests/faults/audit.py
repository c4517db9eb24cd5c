"""Proving the books of a brand, as `hexmart audit` does."""

from core import books
from core.actors import system
from tenants import Platform, Tenant


async def audit(platform: Platform, tenant: Tenant) -> dict[str, list[dict[str, object]]]:
    """The invariants that do not hold, each with what breaks it; empty when all is well."""
    async with platform.open_work(tenant, system("audit"), read_only=True) as work:
        proof = await books.prove(work)
    assert proof.asked
    return {
        breach.invariant.key: [dict(row) for row in breach.rows] or [{"failed": breach.failed}]
        for breach in proof.breaches
    }
