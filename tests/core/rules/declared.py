"""Rules that tests decide about."""

from typing import Annotated, ClassVar

from pydantic import Field

from core.rules import BASKET, Level, Rules


class TeaRules(Rules):
    domain: ClassVar[str] = "tea"

    minutes: int = Field(4, gt=0, le=10, description="How long it draws.")
    sugar: float = Field(0.5, ge=0, le=3, description="How many lumps.")
    kind: Annotated[str, Level.BRAND] = Field("green", max_length=10, description="What is in it.")
    free_when: Annotated[str, BASKET] = Field("", description="When it is on the house.")


class SecretRules(Rules):
    domain: ClassVar[str] = "tea"
    settable: ClassVar[Level] = Level.PLATFORM

    recipe: str | None = Field(None, description="Known to the house alone.")
