"""Why somebody does not get something for points."""

from core.errors import DomainError


class PointsMallClosed(DomainError):
    """This offer is not on: {reason}"""


class PointsMallSoldOut(DomainError):
    """Of this offer only {left} are left."""


class PointsMallLimit(DomainError):
    """One member may have {most} of this {span}."""


class PointsMallTier(DomainError):
    """This offer is for members of these tiers: {tiers}."""


class PointsMallElsewhere(DomainError):
    """This offer is not to be had at this store."""


class PointsMallNotCancellable(DomainError):
    """Only a service that nobody has used yet can be given back; goods are, with their order."""


class PointsMallNotUsable(DomainError):
    """This appointment cannot be taken: {reason}"""
