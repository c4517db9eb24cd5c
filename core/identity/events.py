"""What happens around sign-in."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PasswordResetRequested(Event):
    """Somebody says that they have forgotten the password that goes with an address."""

    sealed: str  #: the address, encrypted: an event holds no personal data
