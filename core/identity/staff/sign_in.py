"""Staff prove who they are: a password, and the second factor of whoever has one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from core import audit
from core.errors import DomainError
from core.identity.errors import CodeWrong, CredentialsWrong, TotpRequired
from core.identity.staff import accounts, passwords, second_factor
from core.identity.staff.accounts import Account
from core.identity.staff.people import SUBJECT
from core.work import Work, Works

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody types to sign in."""

    email: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)  #: of the second factor, or a recovery code


async def prove(works: Works, proof: Proof, then: Callable[[Work, UUID], Awaitable[Result]]) -> Result:
    """Find out who it is, and do something as that person in the very transaction that found it out.

    Whether the address is known, the password is verified once and one entry is logged; the second factor is not
    spoken of before the password was right.
    """
    async with works() as work:
        known = await accounts.account_of(work, proof.email)
    right = await passwords.matches(known.password_hash if known else None, proof.password)
    renewed = await _renewed(known, proof.password) if right else None
    async with works() as work:
        refusal = await _refusal(work, known if right else None, proof.code)
        await _log(work, known, refusal)
        if refusal is None:
            assert known is not None, "a password that is right is somebody's"
            if renewed is not None:
                await accounts.set_password(work, known.id, renewed)
            result = await then(work, known.id)
    if refusal is not None:  # said after the commit, so that the failure stays logged
        raise refusal
    return result


async def _refusal(work: Work, proven: Account | None, code: str | None) -> DomainError | None:
    """What is still missing, of somebody whose password was right a moment ago."""
    held = await accounts.hold(work, proven.id) if proven is not None else None
    if proven is None or held is None or held.password_hash != proven.password_hash:
        return CredentialsWrong(path=("input", "password"))
    if not held.second_factor:
        return None
    if code is None:
        return TotpRequired(path=("input", "totpCode"))
    return None if await second_factor.passes(work, held, code) else CodeWrong(path=("input", "totpCode"))


async def _log(work: Work, known: Account | None, refusal: DomainError | None) -> None:
    subject = known.id if known is not None else None
    if refusal is None:
        await audit.record(work, "staff.signed_in", SUBJECT, subject)
    else:
        await audit.record(work, "staff.sign_in_failed", SUBJECT, subject, after={"reason": refusal.code})


async def _renewed(known: Account | None, password: str) -> str | None:
    """The hash of a right password as passwords are hashed today, where the kept one is weaker."""
    if known is None or known.password_hash is None or not passwords.is_outdated(known.password_hash):
        return None
    return await passwords.hashed(password)
