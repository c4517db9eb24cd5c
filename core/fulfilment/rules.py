"""What a brand may decide about shoppers who scan and go."""

from typing import ClassVar

from pydantic import Field

from core.rules import Rules


class ScanAndGoRules(Rules):
    domain: ClassVar[str] = "scan_and_go"

    check_percent: int = Field(
        10, ge=0, le=100, description="How many of a hundred shoppers show their basket at the exit; chance picks them."
    )
