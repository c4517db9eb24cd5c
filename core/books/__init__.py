"""A brand's books: what must hold of its rows at any moment, whether it does, and setting right what is derived."""

from core.books.invariant import Invariant, Mending, Scope, faults
from core.books.mending import Mended, mend
from core.books.proving import Breach, Proof, prove
from core.books.shared import untold, written_once

__all__ = [
    "Breach",
    "Invariant",
    "Mended",
    "Mending",
    "Proof",
    "Scope",
    "faults",
    "mend",
    "prove",
    "untold",
    "written_once",
]
