"""How people sign in."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules

LONGEST_ACCESS = 24 * 60  #: minutes; no access token is good for longer, whatever a brand decides


class IdentityRules(Rules):
    settable: ClassVar[Level] = Level.BRAND  # people sign in at a brand, and not at a store

    code_minutes: int = Field(5, gt=0, le=60, description="How long a one-time code can be used.")
    code_tries: int = Field(5, gt=0, le=20, description="After so many wrong tries a code is void.")
    resend_seconds: int = Field(
        60, ge=0, le=3_600, description="How long to wait before another message is sent to somebody."
    )
    access_minutes: int = Field(15, gt=0, le=LONGEST_ACCESS, description="How long an access token is valid.")
    refresh_days: int = Field(30, gt=0, le=365, description="How long a refresh token is valid.")
    password_length: int = Field(12, ge=8, le=100, description="How many characters a password of staff has at least.")
    invitation_hours: int = Field(
        72, gt=0, le=720, description="How long an invitation to work for the brand can be accepted."
    )
    reset_minutes: int = Field(
        30, gt=0, le=1_440, description="How long the link to choose a new password can be used."
    )
    totp_required: bool = Field(
        False, description="Whether staff may do nothing before they have set up a second factor."
    )


class DemoRules(Rules):
    """What only the platform may decide, for a demo in which nobody can receive a message; never a brand."""

    settable: ClassVar[Level] = Level.PLATFORM

    fixed_code: str | None = Field(None, description="The one-time code that everybody gets.")
    fixed_password: str | None = Field(None, description="The first password of everybody invited.")
