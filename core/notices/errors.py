"""What can be wrong with words, and with reaching somebody."""

from core.errors import DomainError
from core.events import Hopeless


class VariableUnknown(DomainError):
    """There is no {variable} that this notice could speak of; there is: {known}."""


class VariableMissing(DomainError):
    """Without {variable} this notice is of no use to whoever gets it."""


class Undeliverable(Hopeless):
    """Raised by a channel that knows that trying again cannot help: the number is none, or wants nothing of us."""
