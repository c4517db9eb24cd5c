"""Reads of members."""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.actors import ActorKind
from core.members.permissions import READ
from core.members.rows import MemberRow
from core.permission import Permission
from core.work import Work

MEMBER = "m.id, m.phone, m.name, m.tier"
BY_IDS = f"SELECT {MEMBER} FROM member m WHERE m.tenant_id = $1 AND m.id = any($2::uuid[])"
BY_PHONE = f"SELECT {MEMBER} FROM member m WHERE m.tenant_id = $1 AND m.phone_index = $2"
KEYS_BY_PHONES = """
SELECT m.phone_index, m.id FROM member m WHERE m.tenant_id = $1 AND m.phone_index = any($2::bytea[])
"""
PAGE = f"""
SELECT {MEMBER} FROM member m WHERE m.tenant_id = $1 AND ($2::uuid IS NULL OR m.id < $2) ORDER BY m.id DESC LIMIT $3
"""
#: the first of each store by its index, and of these the first of all: it never walks past other stores' members
PAGE_OF_STORES = """
SELECT DISTINCT known.member_id FROM unnest($4::uuid[]) AS s(id) CROSS JOIN LATERAL (
    SELECT k.member_id FROM member_store k WHERE k.tenant_id = $1 AND k.store_id = s.id
    AND ($2::uuid IS NULL OR k.member_id < $2) ORDER BY k.member_id DESC LIMIT $3) known
ORDER BY known.member_id DESC LIMIT $3
"""
COUNT = "SELECT count(*) FROM member WHERE tenant_id = $1"
COUNT_OF_STORES = """
SELECT count(DISTINCT member_id) FROM member_store WHERE tenant_id = $1 AND store_id = any($2::uuid[])
"""
KNOWN = """
SELECT DISTINCT member_id FROM member_store
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND store_id = any($3::uuid[])
"""


async def visible(work: Work, ids: Sequence[UUID]) -> list[MemberRow | None]:
    """Members in the order of their ids: a member sees themself, staff whom a store in their reach knows."""
    found = await _by_ids(work, await within_reach(work, READ, ids))
    return [found.get(key) for key in ids]


async def visible_by_phone(work: Work, phone: str) -> MemberRow | None:
    """The member with that phone number (E.164), as far as the actor may see them."""
    found = await by_phone(work, phone)
    return found if found is not None and found.id in await within_reach(work, READ, [found.id]) else None


async def within_reach(work: Work, permission: Permission, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the members whom the actor's permission reaches; to a member, themself."""
    stores = work.actor.stores(permission.name)
    own = {key for key in ids if work.actor.kind == ActorKind.MEMBER and key == work.actor.id}
    if stores is None:
        return set(ids)
    if not stores or not ids:
        return own
    return own | {row["member_id"] for row in await work.fetch(KNOWN, list(set(ids)), stores)}


async def by_phone(work: Work, phone: str) -> MemberRow | None:
    """The member with that phone number (E.164), whoever asks: for signing in, and for a till's sale."""
    return await work.row(MemberRow, BY_PHONE, phone_index(work, phone))


async def keys_by_phones(work: Work, phones: Collection[str]) -> dict[str, UUID]:
    """The members with these phone numbers (E.164), whoever asks; those who are none are left out."""
    by_index = {phone_index(work, phone): phone for phone in phones}
    rows = await work.fetch(KEYS_BY_PHONES, list(by_index)) if by_index else ()
    return {by_index[row["phone_index"]]: row["id"] for row in rows}


async def tiers_of(work: Work, member_ids: Collection[UUID]) -> dict[UUID, str | None]:
    """The standing of each member, whoever asks."""
    return {row.id: row.tier for row in (await _by_ids(work, member_ids)).values()}


async def page(work: Work, *, after: UUID | None, limit: int) -> list[MemberRow]:
    """The members that the actor may see, newest first."""
    stores = work.actor.stores(READ.name)
    if stores is None:
        return await work.rows(MemberRow, PAGE, after, limit)
    ids = [row["member_id"] for row in await work.fetch(PAGE_OF_STORES, after, limit, stores)]
    found = await _by_ids(work, ids)
    return [found[key] for key in ids]


async def _by_ids(work: Work, ids: Collection[UUID]) -> dict[UUID, MemberRow]:
    return {row.id: row for row in await work.rows(MemberRow, BY_IDS, sorted(ids))} if ids else {}


async def count(work: Work) -> int:
    """How many members the actor may see."""
    stores = work.actor.stores(READ.name)
    return int(await (work.value(COUNT) if stores is None else work.value(COUNT_OF_STORES, stores)))


def phone_index(work: Work, phone: str) -> bytes:
    """The blind index under which a phone number is found."""
    return work.vault.index(phone, "phone")
