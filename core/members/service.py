"""Becoming a member, and being known to stores."""

from collections.abc import Collection
from uuid import UUID

from core import clock
from core.ids import new_id
from core.members.events import MemberJoined
from core.members.queries import keys_by_phones, phone_index
from core.work import Work, place_of

# In the order of their numbers: two who bring the same ones wait for each other, and not in a circle.
JOIN = """
INSERT INTO member (tenant_id, id, phone, phone_index, name, joined_at)
SELECT $1, n.id, n.phone, n.phone_index, n.name, $6
FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[]) AS n(id, phone, phone_index, name)
ORDER BY n.phone_index
ON CONFLICT (tenant_id, phone_index) DO NOTHING RETURNING id
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
    return (await join_all(work, [phone], name=name))[phone]


async def join_all(work: Work, phones: Collection[str], *, name: str | None = None) -> dict[str, UUID]:
    """The members with these phone numbers (E.164), made now where there were none; new ones have that name."""
    known = await keys_by_phones(work, phones)
    new = [phone for phone in phones if phone not in known]
    if not new:
        return known
    rows = [_new(work, phone, name) for phone in new]
    made = await work.fetch(JOIN, *(list(column) for column in zip(*rows, strict=True)), clock.now())
    for row in made:
        work.emit(MemberJoined(member_id=row["id"]))
    return known | await keys_by_phones(work, new)  # perhaps somebody else's insert came first


def _new(work: Work, phone: str, name: str | None) -> tuple[UUID, bytes, bytes, bytes | None]:
    member_id = new_id()
    sealed = work.vault.seal(phone, place_of("member", "phone", member_id))
    sealed_name = work.vault.seal(name, place_of("member", "name", member_id)) if name else None
    return member_id, sealed, phone_index(work, phone), sealed_name


def phone_of(work: Work, member_id: UUID, sealed: bytes) -> str:
    """A member's phone number in clear."""
    return str(work.vault.open(sealed, place_of("member", "phone", member_id)))


def name_of(work: Work, member_id: UUID, sealed: bytes | None) -> str | None:
    """A member's name in clear."""
    return str(work.vault.open(sealed, place_of("member", "name", member_id))) if sealed is not None else None
