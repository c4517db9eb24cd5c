"""How people sign in."""

from pydantic import Field

from core.rules import Rules


class IdentityRules(Rules):
    code_minutes: int = Field(5, gt=0, description="How long a one-time code can be used.")
    code_tries: int = Field(5, gt=0, description="After so many wrong tries a code is void.")
    resend_seconds: int = Field(60, ge=0, description="How long to wait before another code is sent to a phone.")
    access_minutes: int = Field(15, gt=0, description="How long an access token is valid.")
    refresh_days: int = Field(30, gt=0, description="How long a refresh token is valid.")


class DemoRules(Rules):
    """What only the platform may decide, for a demo in which nobody can receive a message; never a brand."""

    fixed_code: str | None = Field(None, description="The one-time code that everybody gets.")
    fixed_password: str | None = Field(None, description="The first password of everybody invited.")
