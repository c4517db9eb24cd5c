"""Why nobody could be called, tipped or cancelled."""

from core.errors import DomainError


class DeliveryCalled(DomainError):
    """Somebody is called for this already, or has it: cancel that shipment first."""


class ShipmentState(DomainError):
    """The shipment is {state}: this cannot be done any more, or not yet."""
