"""Codes of coupons: long enough that nobody guesses one, kept so that whoever reads the database cannot use one."""

from core.ids import new_reference
from core.work import Work

LENGTH = 16  #: characters of 5 random bits each
GROUP = 4
_READ_AS = str.maketrans("OIL", "011")  # Crockford's alphabet has no letter that looks like a digit


def new_code() -> str:
    """A code of 80 random bits."""
    return new_reference(LENGTH)


def normal(written: str) -> str:
    """A code as it is compared: large or small, with or without hyphens, a letter O as the digit it was read as."""
    return "".join(filter(str.isalnum, written.upper())).translate(_READ_AS)


def grouped(code: str) -> str:
    """A code as people are shown it."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def index_of(work: Work, written: str) -> bytes:
    """The blind index under which a code is found."""
    return work.vault.index(normal(written), "coupons.code")


def seal(work: Work, code: str, column: str, row_id: object) -> bytes:
    """A code as it is stored with the coupon whose holder is shown it."""
    return work.vault.seal(code, f"coupons_coupon.{column}:{row_id}")


def opened(work: Work, sealed: bytes, column: str, row_id: object) -> str:
    """The code that was sealed there, in groups."""
    return grouped(str(work.vault.open(sealed, f"coupons_coupon.{column}:{row_id}")))
