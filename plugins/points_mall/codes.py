"""Codes of appointments: nobody guesses one, and whoever reads the database cannot use one."""

from uuid import UUID

from core.ids import as_read, grouped, new_reference
from core.work import Work, place_of

LENGTH = 16  #: characters of 5 random bits each


def new_code() -> str:
    """A code of 80 random bits."""
    return new_reference(LENGTH)


def index_of(work: Work, written: str) -> bytes:
    """The blind index under which a code is found."""
    return work.vault.index(as_read(written), "points_mall.code")


def seal(work: Work, code: str, redemption_id: UUID) -> bytes:
    """A code as it is stored with what its member is shown it for."""
    return work.vault.seal(code, _place(redemption_id))


def opened(work: Work, sealed: bytes, redemption_id: UUID) -> str:
    """The code that was sealed there, in groups."""
    return grouped(str(work.vault.open(sealed, _place(redemption_id))))


def _place(redemption_id: UUID) -> str:
    return place_of("points_mall_redemption", "code", redemption_id)
