"""Reads of members."""

from collections.abc import Sequence
from uuid import UUID

from core.members.rows import MemberRow
from core.work import Work

MEMBER = "id, phone, name, tier"
BY_IDS = f"SELECT {MEMBER} FROM member WHERE tenant_id = $1 AND id = any($2::uuid[])"
BY_PHONE = f"SELECT {MEMBER} FROM member WHERE tenant_id = $1 AND phone_index = $2"
PAGE = f"SELECT {MEMBER} FROM member WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
COUNT = "SELECT count(*) FROM member WHERE tenant_id = $1"


async def by_ids(work: Work, ids: Sequence[UUID | None]) -> list[MemberRow | None]:
    """Members in the order of their ids."""
    wanted = [key for key in ids if key is not None]
    found = {row.id: row for row in await work.rows(MemberRow, BY_IDS, wanted)}
    return [found.get(key) if key else None for key in ids]


async def by_phone(work: Work, phone: str) -> MemberRow | None:
    """The member with that phone number (E.164)."""
    return await work.row(MemberRow, BY_PHONE, phone_index(work, phone))


async def page(work: Work, *, after: UUID | None, limit: int) -> list[MemberRow]:
    """Members, newest first."""
    return await work.rows(MemberRow, PAGE, after, limit)


async def count(work: Work) -> int:
    """How many members there are."""
    return int(await work.value(COUNT))


def phone_index(work: Work, phone: str) -> bytes:
    """The blind index under which a phone number is found."""
    return work.vault.index(phone, "phone")
