"""A plugin that fails again and again is left alone for a while, and whoever looks can see it."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from core import clock

FAULTS = 5  #: in WINDOW, after which the plugin is not asked for REST
WINDOW = 60.0  #: seconds
REST = 30.0  #: seconds; then one call tries whether it is well again


@dataclass(frozen=True, slots=True)
class Mishap:
    """The latest fault of a plugin at a brand."""

    hook: str
    kind: str  #: of exception; its words may hold what people have sent
    at: datetime


@dataclass(slots=True)
class _Circuit:
    faults: deque[float] = field(default_factory=lambda: deque(maxlen=FAULTS))
    open_until: float | None = None
    latest: Mishap | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """How a plugin does at a brand, as this process has seen it."""

    open: bool  #: whether it is left alone just now
    faults: int  #: since the process began
    latest: Mishap | None


_WELL = Condition(open=False, faults=0, latest=None)


class Breakers:
    """One circuit for each plugin at each brand: what one brand's data do to a plugin is no matter of another's.

    Where `in_a_row`, a success makes up for the faults before it.
    """

    def __init__(self, *, in_a_row: bool = False) -> None:
        self._in_a_row = in_a_row
        self._circuits: dict[tuple[int, str], _Circuit] = {}

    def admits(self, tenant_id: int, plugin: str) -> bool:
        """Whether to ask it; after a rest one call is let through to try, and the others wait for what it finds."""
        circuit = self._circuits.get((tenant_id, plugin))
        if circuit is None or circuit.open_until is None:
            return True
        now = monotonic()
        if now < circuit.open_until:
            return False
        circuit.open_until = now + REST
        return True

    def succeeded(self, tenant_id: int, plugin: str) -> None:
        """It has done its part."""
        circuit = self._circuits.get((tenant_id, plugin))
        if circuit is not None and (self._in_a_row or circuit.open_until is not None):
            circuit.open_until = None
            circuit.faults.clear()

    def failed(self, tenant_id: int, plugin: str, hook: str, error: BaseException, *, at_once: bool = False) -> None:
        """It has not; where that was so dear that once is enough, it is left alone at once."""
        circuit = self._circuits.setdefault((tenant_id, plugin), _Circuit())
        now = monotonic()
        circuit.faults.append(now)
        circuit.count += 1
        circuit.latest = Mishap(hook, type(error).__name__, clock.now())
        if (
            at_once
            or circuit.open_until is not None
            or (len(circuit.faults) == FAULTS and now - circuit.faults[0] <= WINDOW)
        ):
            circuit.open_until = now + REST

    def condition(self, tenant_id: int, plugin: str) -> Condition:
        """How a plugin does at a brand."""
        circuit = self._circuits.get((tenant_id, plugin))
        if circuit is None:
            return _WELL
        is_open = circuit.open_until is not None and monotonic() < circuit.open_until
        return Condition(is_open, circuit.count, circuit.latest)
