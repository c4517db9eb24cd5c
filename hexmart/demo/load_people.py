"""Who works for a brand, and who shops there."""

from collections.abc import Mapping
from functools import cache
from itertools import islice
from uuid import UUID

from core import access, clock, identity
from core.contacts import e164
from core.ids import new_id
from core.members.queries import phone_index
from core.work import Work, place_of
from hexmart.demo import people
from hexmart.demo.load_rows import insert

PASSWORD = "hexmart-demo"  # noqa: S105 - known to everybody on purpose
REGIONAL = "regional_manager"
CLERKS = 3  #: of one store each

FIRST_REGION = "SELECT region_id FROM store WHERE tenant_id = $1 AND id = $2"
KNOWN = "SELECT phone_index FROM member WHERE tenant_id = $1"


async def add_staff(work: Work, stores: Mapping[str, UUID]) -> None:
    """One of every role for all stores, a manager of the first region, and a clerk of each of the first stores."""
    region = await work.value(FIRST_REGION, next(iter(stores.values()), None))
    for one in people.staff(work.brand.slug):
        await employ(work, one.email, one.name, one.role, region_id=region if one.role == REGIONAL else None)
    for code, store_id in islice(stores.items(), CLERKS):
        await employ(work, f"clerk.{code.lower()}@{work.brand.slug}.example", code, "clerk", store_id=store_id)


async def employ(
    work: Work, email: str, name: str, role: str, *, store_id: UUID | None = None, region_id: UUID | None = None
) -> None:
    """Add a person in a role, unless somebody has the address; without store or region they reach all stores."""
    if await identity.by_email(work, email) is None:
        person = await identity.add_staff(work, email=email, name=name, password_hash=_password_hash())
        await access.assign(work, person, role, store_id=store_id, region_id=region_id)


async def add_members(work: Work, count: int) -> None:
    """Let the first so many join who have not."""
    known = {row["phone_index"] for row in await work.fetch(KNOWN)}
    members = ((e164(one.phone, locale=work.brand.locale, path=()), one.name) for one in people.members(count))
    await insert(work, "member", [_member(work, *one) for one in members if phone_index(work, one[0]) not in known])


def _member(work: Work, phone: str, name: str) -> dict[str, object]:
    member_id = new_id()
    return {
        "id": member_id,
        "phone": work.vault.seal(phone, place_of("member", "phone", member_id)),
        "phone_index": phone_index(work, phone),
        "name": work.vault.seal(name, place_of("member", "name", member_id)),
        "joined_at": clock.now(),
    }


@cache
def _password_hash() -> str:
    """Hashing is slow on purpose, and all have the same password."""
    return identity.hash_password(PASSWORD)
