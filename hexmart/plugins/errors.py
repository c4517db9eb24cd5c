"""Why nothing starts, and why nothing is made."""

from collections.abc import Sequence


class PluginsBroken(Exception):
    """A plugin that is not as it has to be; a process with half of its plugins would do wrong without a word."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


class NameRefused(Exception):
    """Why no plugin can be called so."""
