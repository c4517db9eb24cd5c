"""Codes of coupons: long enough that nobody guesses one, kept so that whoever reads the database cannot use one."""

from core.ids import as_read, grouped, new_reference
from core.work import Work

LENGTH = 16  #: characters of 5 random bits each


def new_code() -> str:
    """A code of 80 random bits."""
    return new_reference(LENGTH)


def index_of(work: Work, written: str) -> bytes:
    """The blind index under which a code is found."""
    return work.vault.index(as_read(written), "coupons.code")


def seal(work: Work, code: str, column: str, row_id: object) -> bytes:
    """A code as it is stored with the coupon whose holder is shown it."""
    return work.vault.seal(code, f"coupons_coupon.{column}:{row_id}")


def opened(work: Work, sealed: bytes, column: str, row_id: object) -> str:
    """The code that was sealed there, in groups."""
    return grouped(str(work.vault.open(sealed, f"coupons_coupon.{column}:{row_id}")))
