"""Reads of partner apps."""

from collections.abc import Sequence
from uuid import UUID

from core.apps.rows import AppRow
from core.work import Work

APP = "id, name, client_id, secret_hash, scopes, redirect_uris, active, created_at"
BY_IDS = f"SELECT {APP} FROM partner_app WHERE tenant_id = $1 AND id = any($2::uuid[])"
BY_CLIENT_ID = f"SELECT {APP} FROM partner_app WHERE tenant_id = $1 AND client_id = $2"
LISTING = f"SELECT {APP} FROM partner_app WHERE tenant_id = $1 ORDER BY id"


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[AppRow | None]:
    """Apps in the order of their ids."""
    found = {row.id: row for row in await work.rows(AppRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def by_client_id(work: Work, client_id: str) -> AppRow | None:
    """The app that calls itself so."""
    return await work.row(AppRow, BY_CLIENT_ID, client_id)


async def listing(work: Work) -> list[AppRow]:
    """All of the brand's apps, the oldest first."""
    return await work.rows(AppRow, LISTING)
