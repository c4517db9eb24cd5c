"""What goes wrong with events."""


class Hopeless(Exception):
    """Raised by a subscriber that knows that trying again cannot help: the delivery is dead at once."""


class Unreadable(Hopeless):
    """An event that was written down is none that this release knows, or has other fields."""


class EventStorm(RuntimeError):
    """More events out of one transaction than anybody has reason to tell."""
