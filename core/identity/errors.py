"""Why somebody was not signed in, or did not become what they asked for."""

from core.errors import DomainError, LimitReached


class CodeWrong(DomainError):
    """This code is wrong, used or too old: take a new one."""


class CredentialsWrong(DomainError):
    """Nobody with this e-mail address and password works here."""


class TotpRequired(DomainError):
    """Give the code that your authenticator shows, or a recovery code."""


class TotpEnrolled(DomainError):
    """You have a second factor already: disable it before you set up another."""


class PasswordWeak(DomainError):
    """{reason}"""


class PasswordWrong(DomainError):
    """This is not your present password."""


class TicketWrong(DomainError):
    """This link is wrong, used or too old: ask for a new one."""


class StaffKnown(DomainError):
    """Somebody with this e-mail address works here already, or has worked here."""


def too_soon(seconds: int, *, path: tuple[str, ...]) -> LimitReached:
    """The refusal of another message to somebody who was sent one just now."""
    refusal = LimitReached(reason="A message was sent a moment ago: wait before asking again.", path=path)
    refusal.retry_after = seconds
    return refusal
