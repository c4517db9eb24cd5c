"""What is kept about a member, and what becomes of it: declared once, by whoever keeps it."""

from core.personal.declared import (
    FORGOTTEN_BY_TIME,
    GONE_WITH_ITS_OWNER,
    KEPT_AS_IT_IS,
    STAYS,
    Outcome,
    PersonalData,
    blanked,
    deleted,
    faults,
    moved,
)

__all__ = [
    "FORGOTTEN_BY_TIME",
    "GONE_WITH_ITS_OWNER",
    "KEPT_AS_IT_IS",
    "STAYS",
    "Outcome",
    "PersonalData",
    "blanked",
    "deleted",
    "faults",
    "moved",
]
