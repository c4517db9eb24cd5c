"""What may be decided about sign-in by a brand's own OpenID provider."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules


class OpenIdRules(Rules):
    settable: ClassVar[Level] = Level.BRAND

    openid_is_second_factor: bool = Field(
        False,
        description="Whether who comes from the brand's own sign-in provider needs no second factor of ours besides.",
    )


class NetworkRules(Rules):
    """What only the platform may decide: where the requests of its machines may go; never a brand."""

    settable: ClassVar[Level] = Level.PLATFORM

    loopback_providers: bool = Field(False, description="Whether sign-in providers may be on the machine that asks.")
