"""Trusted documents: what a brand's clients have registered, to be asked for by id."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from core import audit
from core.actors import system
from core.database import begin
from tenants.errors import DocumentChanged
from tenants.platform import Platform
from tenants.registry import Tenant

#: in order of ids, so that two who register the same ones wait for each other and not in a circle
REGISTER = """
INSERT INTO trusted_document (tenant_id, id, document, registered_at)
SELECT $1, d.id, d.document, app_now() FROM unnest($2::text[], $3::text[]) AS d (id, document) ORDER BY d.id
ON CONFLICT (tenant_id, id) DO NOTHING
"""
CHANGED = """
SELECT t.id FROM trusted_document t JOIN unnest($2::text[], $3::text[]) AS d (id, document) ON d.id = t.id
WHERE t.tenant_id = $1 AND t.document <> d.document ORDER BY t.id LIMIT 1
"""
READ = "SELECT document FROM trusted_document WHERE tenant_id = $1 AND id = $2"
WITHDRAW = "DELETE FROM trusted_document WHERE tenant_id = $1 AND id = ANY ($2::text[]) RETURNING id"
LISTING = """
SELECT id, document, registered_at FROM trusted_document WHERE tenant_id = $1 ORDER BY registered_at, id
"""
TRUST_ONLY = "UPDATE tenant SET trusted_only = $2 WHERE id = $1"
_ACTOR = system("documents")


@dataclass(frozen=True, slots=True)
class Registered:
    id: str
    document: str
    registered_at: datetime


async def register(platform: Platform, tenant: Tenant, documents: Mapping[str, str]) -> int:
    """Let clients ask for these by id, all or none of them; returns how many are new."""
    pairs = list(documents), list(documents.values())
    async with platform.open_work(tenant, _ACTOR) as work:
        added = await work.execute(REGISTER, *pairs)
        changed = await work.value(CHANGED, *pairs)
        if changed is not None:
            raise DocumentChanged(id=changed)
        await audit.record(work, "documents.registered", "TrustedDocument", None, after={"ids": sorted(documents)})
    return added


async def read(platform: Platform, tenant: Tenant, id: str) -> str | None:  # noqa: A002 - the public contract's word
    """The text under an id, remembered until something of the tenant changes."""
    known, key = platform.registry.documents, (tenant.slug, id)
    return known.find(key) or await known.fill(key, _read(platform, tenant, id))


async def withdraw(platform: Platform, tenant: Tenant, ids: Collection[str]) -> frozenset[str]:
    """Stop answering to these, in every process; returns those that were registered."""
    async with platform.open_work(tenant, _ACTOR) as work:
        withdrawn = frozenset(row["id"] for row in await work.fetch(WITHDRAW, list(ids)))
        await audit.record(work, "documents.withdrawn", "TrustedDocument", None, before={"ids": sorted(withdrawn)})
    await platform.tell_changed(tenant.slug)
    return withdrawn


async def listing(platform: Platform, tenant: Tenant) -> list[Registered]:
    """Every document of a brand, the oldest first."""
    async with platform.open_work(tenant, _ACTOR, read_only=True) as work:
        return await work.rows(Registered, LISTING)


async def trust_only(platform: Platform, tenant: Tenant, on: bool) -> Tenant:
    """Have a brand answer to registered documents alone, or to others again."""
    async with begin(platform.platform, tenant_id=tenant.id, clock_offset=0, read_only=False) as transaction:
        await transaction.driver.execute(TRUST_ONLY, tenant.id, on)
        work = platform.work(transaction, tenant, _ACTOR)
        was, became = {"only": tenant.trusted_only}, {"only": on}
        await audit.record(work, "documents.trusted_only", "Brand", None, before=was, after=became)
        await transaction.commit()
    await platform.tell_changed(tenant.slug)
    return await platform.registry.by_slug(tenant.slug)


async def _read(platform: Platform, tenant: Tenant, document_id: str) -> str | None:
    async with platform.open_work(tenant, _ACTOR, read_only=True) as work:
        text: str | None = await work.value(READ, document_id)
    return text
