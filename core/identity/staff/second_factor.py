"""The second factor of staff: a code that their authenticator shows every half minute (RFC 6238), used once."""

import hmac
import re
from dataclasses import dataclass
from uuid import UUID

import pyotp

from core import audit, clock
from core.errors import Invalid
from core.identity.errors import CodeWrong, TotpEnrolled
from core.identity.staff import accounts
from core.identity.staff.accounts import Account, address_of
from core.identity.staff.people import SUBJECT
from core.ids import new_reference
from core.work import Work, place_of

DRIFT = 1  #: steps of half a minute that an authenticator's clock may be off
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10  #: characters, 50 bits

ENROL = "UPDATE staff SET totp_secret = $3, totp_last_step = NULL WHERE tenant_id = $1 AND id = $2"
CONFIRM = "UPDATE staff SET totp_confirmed_at = $3, recovery_hashes = $4 WHERE tenant_id = $1 AND id = $2"
CLEAR = """
UPDATE staff SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL, recovery_hashes = '{}'
WHERE tenant_id = $1 AND id = $2
"""
# of two who come with one code, one finds it unused
USE_STEP = """
UPDATE staff SET totp_last_step = $3
WHERE tenant_id = $1 AND id = $2 AND (totp_last_step IS NULL OR totp_last_step < $3)
"""
USE_RECOVERY = """
UPDATE staff SET recovery_hashes = array_remove(recovery_hashes, $3)
WHERE tenant_id = $1 AND id = $2 AND $3 = any(recovery_hashes)
"""
_SHOWN = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is given, once."""

    secret: str  #: base32
    uri: str  #: the same as otpauth://, for a QR code


async def enrol_second_factor(work: Work) -> Enrolment:
    """A secret for the actor's authenticator, which counts once a code of it has confirmed that it arrived."""
    own, secret = await accounts.own(work), pyotp.random_base32()
    if own.second_factor:
        raise TotpEnrolled
    await work.execute(ENROL, own.id, work.vault.seal(secret, _place(own.id)))
    await audit.record(work, "staff.totp_begun", SUBJECT, own.id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=address_of(work, own), issuer_name=work.brand.slug)
    return Enrolment(secret, uri)


async def confirm_second_factor(work: Work, code: str) -> list[str]:
    """Ask the actor for the second factor from now on; returns the recovery codes, which are not seen again."""
    own = await accounts.own(work)
    if own.second_factor:
        raise TotpEnrolled
    if own.sealed_secret is None:
        raise Invalid(reason="There is nothing to confirm: set up a second factor first.", path=("input", "code"))
    if not await _take_shown(work, own, _typed(code)):
        raise CodeWrong(path=("input", "code"))
    codes = [new_reference(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    await work.execute(CONFIRM, own.id, clock.now(), [_recovery_hash(work, own.id, one) for one in codes])
    await audit.record(work, "staff.totp_enrolled", SUBJECT, own.id)
    return [f"{one[:5]}-{one[5:]}" for one in codes]


async def disable_second_factor(work: Work, code: str) -> None:
    """Ask the actor for it no more, who has it at hand."""
    own = await accounts.own(work)
    if not await passes(work, own, code):
        raise CodeWrong(path=("input", "code"))
    await clear(work, own.id)


async def clear(work: Work, staff_id: UUID) -> None:
    """Ask somebody for it no more."""
    await work.execute(CLEAR, staff_id)
    await audit.record(work, "staff.totp_disabled", SUBJECT, staff_id)


async def passes(work: Work, held: Account, code: str) -> bool:
    """Use up a code that the authenticator of a held account shows, or one of its recovery codes."""
    typed = _typed(code)
    if not held.second_factor:
        return False
    if _SHOWN.fullmatch(typed):
        return await _take_shown(work, held, typed)
    if not await work.execute(USE_RECOVERY, held.id, _recovery_hash(work, held.id, typed)):
        return False
    await audit.record(work, "staff.recovery_code_used", SUBJECT, held.id)
    return True


async def _take_shown(work: Work, held: Account, typed: str) -> bool:
    totp = pyotp.TOTP(str(work.vault.open(held.sealed_secret or b"", _place(held.id))))
    now = totp.timecode(clock.now())
    shown = [
        step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(totp.generate_otp(step), typed)
    ]
    return bool(shown) and await work.execute(USE_STEP, held.id, shown[-1]) == 1


def _typed(code: str) -> str:
    """A code without what people put between its characters."""
    return re.sub(r"[\s-]", "", code).upper() if len(code) <= 50 else ""


def _recovery_hash(work: Work, staff_id: UUID, code: str) -> bytes:
    return work.vault.index(f"{staff_id}:{code}", "recovery_code")


def _place(staff_id: UUID) -> str:
    return place_of("staff", "totp_secret", staff_id)
