"""A brand's signing keys follow each other: each generation is derived of the installation's secret and a number."""

from dataclasses import replace
from datetime import datetime, timedelta

from core import audit, clock
from core.actors import Actor
from core.database import begin
from core.identity import IdentityRules
from tenants.platform import ANNOUNCE, Platform
from tenants.registry import CHANNEL, Tenant

ROTATE = """
UPDATE tenant SET token_generation = token_generation + 1, previous_token_until = $2 WHERE id = $1
RETURNING token_generation
"""


async def rotate(platform: Platform, tenant: Tenant, actor: Actor, *, at_once: bool = False) -> Tenant:
    """Sign with a new key from now on. Tokens of the one before are good until they end; at once: not any more.

    Sessions go on either way, since a refresh token is signed by nobody. Every process is told by the transaction.
    """
    until = (
        None if at_once else clock.now() + timedelta(minutes=platform.rules_of(tenant)(IdentityRules).access_minutes)
    )
    async with begin(
        platform.platform, tenant_id=tenant.id, clock_offset=clock.offset_seconds(), read_only=False
    ) as transaction:
        work = platform.work(transaction, tenant, actor)
        generation: int = await work.value(ROTATE, until)
        await audit.record(work, "keys.rotated", "Brand", None, after=_facts(generation, until))
        await work.value(ANNOUNCE, CHANNEL, tenant.slug)
        await work.commit()
    await platform.tell_changed(tenant.slug)
    return replace(tenant, token_generation=generation, previous_token_until=until)


def _facts(generation: int, until: datetime | None) -> dict[str, object]:
    return {"generation": generation, "previous_until": until}
