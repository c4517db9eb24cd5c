"""The vocabulary of what may be done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """domain.verb, and what it lets its holder do."""

    name: str
    label: str
    platform: bool = False  #: whether it is the operator's and no brand's
    given_to: tuple[str, ...] = ()  #: the roles that have it from when a brand first switches the plugin on
