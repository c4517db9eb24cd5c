"""What can be refused for want of consent."""

from core.errors import DomainError


class ConsentMissing(DomainError):
    """This needs consent to {purpose}, which can be given and withdrawn at any time."""
