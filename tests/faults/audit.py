"""Proving the books of a brand, as `hexmart audit` does."""

import os

from core import books
from core.actors import system
from core.books import Scope
from tenants import Platform, Tenant


async def audit(platform: Platform, tenant: Tenant) -> dict[str, list[dict[str, object]]]:
    """The invariants that do not hold, each with what breaks it; empty when all is well."""
    async with platform.open_work(tenant, system("audit"), read_only=True) as work:
        proof = await books.prove(work, Scope.BRAND)
    assert proof.asked
    if "HEXMART_PROOF_SCALE" in os.environ:
        print(f"audit: {len(proof.asked) - len(proof.breaches)}/{len(proof.asked)} ok rows={proof.rows}")  # noqa: T201
    return {
        breach.invariant.key: [dict(row) for row in breach.rows] or [{"failed": breach.failed}]
        for breach in proof.breaches
    }
