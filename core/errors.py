"""What can go wrong by the caller's doing. The class name is the code, the docstring the message."""

import re
from inspect import cleandoc
from typing import ClassVar


class DomainError(Exception):
    """The request could not be carried out."""

    code: ClassVar[str] = "INVALID"
    path: tuple[str, ...] = ()  #: which part of the input is meant
    retry_after: int | None = None  #: seconds

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()

    def __init__(self, *, path: tuple[str, ...] = (), **facts: object) -> None:
        self.path = path
        self.facts = facts
        super().__init__(cleandoc(type(self).__doc__ or "").format(**facts))

    @property
    def message(self) -> str:
        return str(self)


class NotFound(DomainError):
    """There is no such {what} here."""


class Invalid(DomainError):
    """{reason}"""


class LimitReached(DomainError):
    """{reason}"""


class Stale(DomainError):
    """This was changed in the meantime: read it again, then repeat."""


class Busy(DomainError):
    """Too many people are doing this right now: try again in a moment."""

    retry_after = 1


class Fault(DomainError):
    """What stops the whole request; it is answered as a top-level error."""


class Unauthenticated(Fault):
    """Sign in first: {reason}"""


class Forbidden(Fault):
    """This needs the permission {permission}."""


class BadRequest(Fault):
    """{reason}"""


class RateLimited(Fault):
    """Too much is being asked at once: try again in a moment."""

    retry_after = 1


class IdempotencyKeyReused(Fault):
    """This idempotencyKey was already used with another input: take a new key."""
