"""Why somebody was not signed in."""

from core.errors import DomainError


class CodeWrong(DomainError):
    """This code is wrong, used or too old: ask for a new one."""


class CredentialsWrong(DomainError):
    """Nobody with this e-mail address and password works here."""
