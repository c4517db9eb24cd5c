"""Codes shown at a counter: what kind of thing a code stands for decides what verifying it does."""

from core.verification.errors import CodeUnknown, CodeUsed
from core.verification.handler import CodeKind
from core.verification.service import Verified, codes_of, issue, move, verify

__all__ = ["CodeKind", "CodeUnknown", "CodeUsed", "Verified", "codes_of", "issue", "move", "verify"]
