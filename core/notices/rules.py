"""What a brand may decide about notices."""

from typing import ClassVar

from pydantic import Field

from core.rules import Level, Rules


class NoticeRules(Rules):
    settable: ClassVar[Level] = Level.BRAND  # an inbox is a member's, and not a store's

    inbox_days: int = Field(90, gt=0, le=730, description="For how long messages to members are kept.")
