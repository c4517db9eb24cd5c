"""Becoming a member, and being known to stores."""

from collections.abc import Collection
from uuid import UUID

from core import clock
from core.ids import new_id
from core.members.events import MemberJoined
from core.members.queries import by_phone, phone_index
from core.work import Work, place_of

JOIN = """
INSERT INTO member (tenant_id, id, phone, phone_index, name, joined_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, phone_index) DO NOTHING
"""

MEET = """
INSERT INTO member_store (tenant_id, store_id, member_id) SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])
ON CONFLICT (tenant_id, store_id, member_id) DO NOTHING
"""


async def meet(work: Work, pairs: Collection[tuple[UUID, UUID]]) -> None:
    """Let stores know members, who have ordered or bought something there: pairs of store and member."""
    if pairs:
        stores, known = zip(*sorted(pairs), strict=True)
        work.write(MEET, list(stores), list(known))


async def join(work: Work, phone: str, *, name: str | None = None) -> UUID:
    """The member with that phone number (E.164), made now if there was none."""
    known = await by_phone(work, phone)
    if known is not None:
        return known.id
    member_id = new_id()
    sealed = work.vault.seal(phone, place_of("member", "phone", member_id))
    sealed_name = work.vault.seal(name, place_of("member", "name", member_id)) if name else None
    if await work.execute(JOIN, member_id, sealed, phone_index(work, phone), sealed_name, clock.now()):
        work.emit(MemberJoined(member_id=member_id))
    joined = await by_phone(work, phone)  # perhaps somebody else's insert came first
    assert joined is not None, "a member that was just inserted"
    return joined.id


def phone_of(work: Work, member_id: UUID, sealed: bytes) -> str:
    """A member's phone number in clear."""
    return str(work.vault.open(sealed, place_of("member", "phone", member_id)))


def name_of(work: Work, member_id: UUID, sealed: bytes | None) -> str | None:
    """A member's name in clear."""
    return str(work.vault.open(sealed, place_of("member", "name", member_id))) if sealed is not None else None
