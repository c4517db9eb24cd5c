"""What tills contribute."""

from core.books import Invariant
from core.hooks import hookimpl
from core.tills.invariants import INVARIANTS


@hookimpl
def register_invariants() -> list[Invariant]:
    return INVARIANTS
