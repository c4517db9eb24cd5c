"""Why a courier could not have an errand, or say so of it."""

from core.errors import DomainError


class DeliveryOwnErrandTaken(DomainError):
    """Somebody else has this errand, or it is over."""


class DeliveryOwnForPeople(DomainError):
    """People carry errands: sign in as somebody who works here."""


class DeliveryOwnNotYours(DomainError):
    """This errand is not yours: take it on first."""
