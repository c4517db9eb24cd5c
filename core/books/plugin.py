"""What the books contribute: the audit log stands below them, so that they speak for it."""

from core.books import Invariant, written_once
from core.hooks import hookimpl


@hookimpl
def register_invariants() -> list[Invariant]:
    return [written_once("audit.entries", "audit_entry", "An entry of the audit log stays as it was written.")]
