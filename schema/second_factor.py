"""Staff set up a second factor: an authenticator that shows a code every half minute."""

import strawberry

from core import identity
from core.identity import Enrolment
from core.work import Work
from schema.context import Info
from schema.fields import STAFF, Served, field, mutation
from schema.payloads import Done, Payload
from tenants.throttle import STAFF_SECRET


@strawberry.type(description="What to give an authenticator, or why there is nothing.")
class StaffTotpEnrolPayload(Payload):
    secret: str | None = field("In base32, to type. It is not shown again.")
    uri: str | None = field("The same as otpauth://, to show as a QR code.")


@strawberry.type(description="The codes to come in with when the authenticator is lost, or why there are none.")
class StaffTotpConfirmPayload(Payload):
    recovery_codes: list[str] | None = field("Each good once. They are not shown again.")


@strawberry.type(description="Whether it was done, or why not.")
class StaffTotpDisablePayload(Payload):
    disabled: bool | None = field("True when no second factor is asked for any more.")


@strawberry.input(description="What the authenticator shows.")
class StaffTotpConfirmInput:
    code: str = field("Six digits.")


@strawberry.input(description="What the authenticator shows, or a recovery code.")
class StaffTotpDisableInput:
    code: str = field("Good once.")


@mutation(StaffTotpEnrolPayload, access=STAFF, served=Served.EVERYWHERE)
async def staff_totp_enrol(work: Work) -> Done:
    """A secret for your authenticator; the second factor is asked for once staffTotpConfirm has seen a code of it."""
    made: Enrolment = await identity.enrol_second_factor(work)
    return Done(made.secret, more={"uri": made.uri})


@mutation(StaffTotpConfirmPayload, access=STAFF, spans_works=True, served=Served.EVERYWHERE)
async def staff_totp_confirm(info: Info, input: StaffTotpConfirmInput) -> list[str]:
    """Have staffSignIn ask for the second factor from now on."""
    async with info.attempt(STAFF_SECRET, str(info.viewer.id)), info.writing() as work:
        return await identity.confirm_second_factor(work, input.code)


@mutation(StaffTotpDisablePayload, access=STAFF, spans_works=True, served=Served.EVERYWHERE)
async def staff_totp_disable(info: Info, input: StaffTotpDisableInput) -> bool:
    """Have the second factor asked for no more."""
    async with info.attempt(STAFF_SECRET, str(info.viewer.id)), info.writing() as work:
        await identity.disable_second_factor(work, input.code)
    return True
