"""Codes shown at a counter: what kind of thing a code stands for decides what verifying it does."""

from core.verification.errors import CodeUnknown, CodeUsed
from core.verification.handler import CodeKind, Shown, Taken
from core.verification.service import PATH, Verified, codes_of, issue, move, verify, verify_any

__all__ = [
    "PATH",
    "CodeKind",
    "CodeUnknown",
    "CodeUsed",
    "Shown",
    "Taken",
    "Verified",
    "codes_of",
    "issue",
    "move",
    "verify",
    "verify_any",
]
