"""Machines as tables: what leads from which state to which, by whose hand, for which kinds of order."""

from collections.abc import Collection
from dataclasses import dataclass

DELIVERY, PICKUP, IN_STORE, SCAN_AND_GO = "DELIVERY", "PICKUP", "IN_STORE", "SCAN_AND_GO"
ONLINE = (DELIVERY, PICKUP, SCAN_AND_GO)
EVERY_KIND = (*ONLINE, IN_STORE)

BUYER = "buyer"  #: whoever owns the order; other hands that are no permission belong to the system
PROVIDER, CLOCK, PLUGIN, RULE = "provider", "clock", "plugin", "rule"


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of a machine's table."""

    action: str  #: the mutation that does it, or what the system does
    after: tuple[str, ...]  #: the states that it leads away from; none: it begins with this
    to: str
    by: tuple[str, ...]  #: the buyer, whoever has a permission, or a hand of the system
    kinds: tuple[str, ...] = ONLINE
    told: str | None = None  #: what the timeline calls it
    while_held: bool = False  #: whether it may be done although something holds the order

    @property
    def among(self) -> str:
        """The states that it leads away from, as a list in SQL."""
        return f"({', '.join(repr(state) for state in self.after)})"

    @property
    def called(self) -> bool:
        """Whether somebody does it, by the mutation of that name; the system's own verbs have no capitals."""
        return not self.action.islower()

    def fits(self, state: str, kind: str, *, held: bool) -> bool:
        """Whether it can be done with an order of that kind in that state, whoever asks."""
        return state in self.after and kind in self.kinds and (self.while_held or not held)


@dataclass(frozen=True, slots=True)
class Machine:
    """All that can become of something."""

    name: str
    transitions: tuple[Transition, ...]

    @property
    def states(self) -> list[str]:
        """Every state, in the order in which the table comes to them."""
        return list(dict.fromkeys(one.to for one in self.transitions))

    def open_to(self, state: str, kind: str, hands: Collection[str], *, held: bool) -> list[str]:
        """The mutations that somebody with these hands may call next, each once."""
        fitting = [one for one in self.transitions if one.called and one.fits(state, kind, held=held)]
        return list(dict.fromkeys(one.action for one in fitting if not set(one.by).isdisjoint(hands)))

    @property
    def hands(self) -> list[str]:
        """Whoever does something in it."""
        return sorted({hand for one in self.transitions for hand in one.by})
