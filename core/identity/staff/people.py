"""The brand's staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase
from uuid import UUID

from core import clock, quotas
from core.identity.errors import StaffKnown
from core.ids import new_id
from core.work import Work, place_of

STAFF = "id, email, name, active, created_at, password_hash IS NOT NULL, totp_confirmed_at IS NOT NULL"
ACTIVE = "SELECT count(*) FROM staff WHERE tenant_id = $1 AND active"
BY_EMAIL = f"SELECT {STAFF} FROM staff WHERE tenant_id = $1 AND email_index = $2 AND active"
BY_IDS = f"SELECT {STAFF} FROM staff WHERE tenant_id = $1 AND id = any($2::uuid[]) AND active"
ADD = """
INSERT INTO staff (tenant_id, id, email, email_index, name, password_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, email_index) DO NOTHING
"""
SET_NAME = "UPDATE staff SET name = $3 WHERE tenant_id = $1 AND id = $2"

SUBJECT = "StaffUser"  #: as the audit log names a person
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(slots=True)
class StaffRow:
    id: UUID
    sealed_email: bytes
    sealed_name: bytes
    active: bool
    added_at: datetime
    has_password: bool
    second_factor: bool

    @property
    def pending(self) -> bool:
        """Whether nobody can sign in as this person by a password yet."""
        return not self.has_password


async def add_staff(work: Work, *, email: str, name: str, password_hash: str | None = None) -> UUID:
    """Add a person to the brand's staff; without the hash of a password nobody can sign in as them yet."""
    await hold_quota(work)
    staff_id = new_id()
    sealed_email = work.vault.seal(email, place_of("staff", "email", staff_id))
    given = (sealed_email, email_index(work, email), _sealed_name(work, staff_id, name), password_hash)
    if not await work.execute(ADD, staff_id, *given, clock.now()):
        raise StaffKnown(path=("input", "email"))
    return staff_id


async def set_name(work: Work, staff_id: UUID, name: str) -> None:
    """Call a person by another name."""
    await work.execute(SET_NAME, staff_id, _sealed_name(work, staff_id, name))


async def hold_quota(work: Work) -> None:
    """Refuse another active member of staff where the plan allows no more; to be asked before one is let back in."""
    await quotas.hold(work, "staff", active_staff)


async def active_staff(work: Work) -> int:
    """How many people work for the brand."""
    return int(await work.value(ACTIVE))


async def by_email(work: Work, email: str) -> StaffRow | None:
    """The member of staff with that e-mail address."""
    return await work.row(StaffRow, BY_EMAIL, email_index(work, email))


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[StaffRow | None]:
    """Staff in the order of their ids."""
    found = {row.id: row for row in await work.rows(StaffRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


def email_of(work: Work, person: StaffRow) -> str:
    """A person's e-mail address in clear."""
    return str(work.vault.open(person.sealed_email, place_of("staff", "email", person.id)))


def name_of(work: Work, person: StaffRow) -> str:
    """A person's name in clear."""
    return str(work.vault.open(person.sealed_name, place_of("staff", "name", person.id)))


def email_index(work: Work, email: str) -> bytes:
    """The blind index under which an e-mail address is found.

    Letters of ASCII are the same in either case, and no others: mail for `strasse` does not reach `straße`.
    """
    return work.vault.index(email.strip().translate(_LOWER), "email")


def _sealed_name(work: Work, staff_id: UUID, name: str) -> bytes:
    return work.vault.seal(name, place_of("staff", "name", staff_id))
