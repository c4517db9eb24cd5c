"""The brand's staff, and their passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core import clock
from core.identity.models import Staff
from core.ids import new_id
from core.work import Work, place_of

STAFF = "id, email, name, password_hash"
BY_EMAIL = f"SELECT {STAFF} FROM staff WHERE tenant_id = $1 AND email_index = $2 AND active"
BY_IDS = f"SELECT {STAFF} FROM staff WHERE tenant_id = $1 AND id = any($2::uuid[]) AND active"

_hasher = PasswordHasher()


@dataclass(slots=True)
class StaffRow:
    id: UUID
    sealed_email: bytes
    sealed_name: bytes
    password_hash: str | None


def hash_password(password: str) -> str:
    """A password as it is kept; slow on purpose (argon2)."""
    return _hasher.hash(password)


async def add_staff(
    work: Work, *, email: str, name: str, password: str | None = None, password_hash: str | None = None
) -> UUID:
    """Add a person to the brand's staff, with a password or the hash of one; without either none lets them in."""
    staff_id = new_id()
    work.add(
        Staff(
            id=staff_id,
            email=work.vault.seal(email, place_of("staff", "email", staff_id)),
            email_index=_email_index(work, email),
            name=work.vault.seal(name, place_of("staff", "name", staff_id)),
            password_hash=hash_password(password) if password else password_hash,
            created_at=clock.now(),
        )
    )
    await work.session.flush()  # roles are assigned to the row
    return staff_id


async def by_email(work: Work, email: str) -> StaffRow | None:
    """The member of staff with that e-mail address."""
    return await work.row(StaffRow, BY_EMAIL, _email_index(work, email))


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[StaffRow | None]:
    """Staff in the order of their ids."""
    found = {row.id: row for row in await work.rows(StaffRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


def verify_password(person: StaffRow | None, password: str) -> bool:
    """Whether the password is the person's; slow on purpose (argon2), so call it off the event loop."""
    try:
        _hasher.verify((person.password_hash if person else None) or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None and person.password_hash is not None


@cache
def _nobody() -> str:
    """Verified when nobody has the address, so that an answer takes as long whether somebody has it or not."""
    return _hasher.hash("nobody")


def email_of(work: Work, person: StaffRow) -> str:
    """A person's e-mail address in clear."""
    return str(work.vault.open(person.sealed_email, place_of("staff", "email", person.id)))


def name_of(work: Work, person: StaffRow) -> str:
    """A person's name in clear."""
    return str(work.vault.open(person.sealed_name, place_of("staff", "name", person.id)))


def _email_index(work: Work, email: str) -> bytes:
    return work.vault.index(email.strip().casefold(), "email")
