"""What the platform says of where it is reached."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules


class CallbackRules(Rules):
    settable: ClassVar[Level] = Level.PLATFORM

    public_url: str = Field("", description="Where providers reach this platform; empty where nobody has said.")
