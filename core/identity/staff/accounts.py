"""What members of staff prove themselves by, as it is kept."""

from dataclasses import dataclass
from uuid import UUID

from core.errors import Unauthenticated
from core.identity.staff.people import email_index
from core.work import Work, place_of

ACCOUNT = "id, email, password_hash, totp_secret, totp_confirmed_at IS NOT NULL, totp_last_step"
BY_EMAIL = f"SELECT {ACCOUNT} FROM staff WHERE tenant_id = $1 AND email_index = $2 AND active"
BY_ID = f"SELECT {ACCOUNT} FROM staff WHERE tenant_id = $1 AND id = $2 AND active"
HOLD = f"{BY_ID} FOR NO KEY UPDATE"
SET_PASSWORD = "UPDATE staff SET password_hash = $3 WHERE tenant_id = $1 AND id = $2"  # noqa: S105 - SQL


@dataclass(slots=True)
class Account:
    id: UUID
    sealed_email: bytes
    password_hash: str | None
    sealed_secret: bytes | None  #: of the second factor
    second_factor: bool  #: whether it is asked for; a secret alone was never confirmed
    last_step: int | None  #: of the second factor's clock, that was used up


async def account_of(work: Work, email: str) -> Account | None:
    """The account of whoever works here and has that address."""
    return await work.row(Account, BY_EMAIL, email_index(work, email))


async def account(work: Work, staff_id: UUID) -> Account | None:
    """The account of a person, while they work here."""
    return await work.row(Account, BY_ID, staff_id)


async def hold(work: Work, staff_id: UUID) -> Account | None:
    """The same; whoever would change it, or let the person go, waits until this transaction ends."""
    return await work.row(Account, HOLD, staff_id)


async def own(work: Work) -> Account:
    """The account of the member of staff who acts, held."""
    found = await hold(work, work.actor.id) if work.actor.id is not None else None
    if found is None:
        raise Unauthenticated(reason="this person does not work here any more.")
    return found


async def set_password(work: Work, staff_id: UUID, password_hash: str) -> None:
    """Give an account another password."""
    await work.execute(SET_PASSWORD, staff_id, password_hash)


def address_of(work: Work, found: Account) -> str:
    """The e-mail address that an account was made for."""
    return str(work.vault.open(found.sealed_email, place_of("staff", "email", found.id)))
