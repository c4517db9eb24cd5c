"""The machine: every call with one's own things, with somebody else's, and with what nobody has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from tests.faults.crowd import SCALE
from tests.security.attack.answers import Answer, Canaries, alike, apart, say, shape, unknown
from tests.security.attack.books import Watch
from tests.security.attack.cases import Case, Path, Slot
from tests.security.attack.selections import Edge, reached
from tests.security.attack.sides import CALLER, Side
from tests.security.attack.sources import Of
from tests.security.attack.tables import scene_of
from tests.security.attack.things import send, things_for

RESTLESS = {"auditLog"}  #: reading what is personal is written down there


@dataclass
class Report:
    """What has come of it."""

    calls: int = 0  #: with somebody else's things or nobody's, where the same call succeeds with one's own
    controls: int = 0  #: calls with one's own things that succeeded
    leaks: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)  #: root fields whose calls count
    slots: set[tuple[str, str]] = field(default_factory=set)  #: calls, and where their things were named in them
    edges: set[Edge] = field(default_factory=set)  #: that had something at their end
    below: set[tuple[str, str]] = field(default_factory=set)  #: callers, and arguments further down that they came to

    def __str__(self) -> str:
        return (
            f"calls={self.calls} controls={self.controls} fields={len(self.fields)} slots={len(self.slots)} "
            f"edges={len(self.edges)} leaks={len(self.leaks)}"
        )


@dataclass
class Siege:
    """Two sides, and what must not get from one to the other."""

    ours: Side
    theirs: Side
    canaries: Canaries
    watch: Watch
    open: Sequence[tuple[str, str]] = ()  #: calls and slots=kinds, as patterns, where their things are anybody's

    def guards(self, case: Case, slot: Slot) -> bool:
        """Whether what is named there must be one's own."""
        named = f"{slot}={slot.of.kind if isinstance(slot.of, Of) else 'cursor'}"
        return not any(fnmatch(case.name, call) and fnmatch(named, place) for call, place in self.open)

    async def lay(self, cases: Iterable[Case], callers: Sequence[str] | None = None) -> Report:
        """Make every call as everybody; what was not said aloud may have been done."""
        report = Report()
        await self.watch.changed()
        for case in cases:
            for caller in callers or self.ours.callers:
                await _Assault(self, report, case, caller).attack()
            for table in await self.watch.changed():
                report.leaks.append(f"{case.name}: has changed {table}")
        return report


@dataclass
class _Assault:
    """One call as one caller."""

    siege: Siege
    report: Report
    case: Case
    caller: str
    calls: int = 0
    slots: set[tuple[str, str]] = field(default_factory=set)

    async def attack(self) -> None:
        """Call with their things, all of them and one at a time; it counts if the same call with our own succeeds."""
        case, report = self.case, self.report
        slots = [slot for slot in case.slots if self.siege.guards(case, slot)]
        for target in _targets(slots):
            if await self._stopped_at_the_door(target):
                break
        control = await self._ask("own things", {})
        if control.succeeded:
            if case.kind != "mutation":
                await self._go_below(control)
            report.calls += self.calls
            report.controls += 1
            report.fields.add(case.root)
            report.slots |= self.slots

    async def _go_below(self, control: Answer) -> None:
        """The arguments further down, where an answer has brought us there."""
        guarded = [slot for slot in self.case.below if self.siege.guards(self.case, slot)]
        for target in _targets(guarded if SCALE > 1 else self._new_to_the_caller(guarded, control)):
            await self._stopped_at_the_door(target)

    def _new_to_the_caller(self, slots: Sequence[Slot], control: Answer) -> list[Slot]:
        """Those that no call has brought the caller to: the same resolver answers, whatever leads there."""
        edges = {"_".join(edge) for edge in reached(control.response.get("data"))}
        there = [slot for slot in slots if slot.path[0].rpartition("_")[0] in edges]
        new = [slot for slot in there if (self.caller, str(slot)) not in self.report.below]
        self.report.below |= {(self.caller, str(slot)) for slot in new}
        return new

    async def _stopped_at_the_door(self, target: Sequence[Slot]) -> bool:
        """Compare what is answered to their things and to nobody's; whether the caller may not call this at all."""
        siege, where = self.siege, "+".join(map(str, target))
        ours = await things_for(siege.ours, self.case, self.caller, target)
        theirs = await things_for(siege.theirs, self.case, self.caller, target)
        theirs = {path: thing for path, thing in theirs.items() if thing != ours[path]}
        if not theirs:
            return False
        foreign = await self._ask(f"their {where}", theirs)
        nobodys = await self._ask(f"an unknown {where}", {path: unknown(value) for path, value in theirs.items()})
        exact = self.case.kind != "mutation" or not foreign.succeeded
        if not alike(foreign, nobodys, exact=exact):
            where_apart = apart(shape(foreign.plain()), shape(nobodys.plain()))
            answers = foreign.response, "and nobody's", nobodys.response
            self._tell(f"their {where}", "is answered", *answers, "apart at", where_apart)
        self.calls += 2
        self.slots |= {
            (self.case.name if slot in self.case.slots else "", str(slot)) for slot in target if slot.path in theirs
        }
        return foreign.denied

    async def _ask(self, what: str, things: dict[Path, Any]) -> Answer:
        case, ours = self.case, self.siege.ours
        own = await things_for(ours, case, self.caller, (*case.slots, *case.below))
        answer = await ask(ours, case, self.caller, own | things)
        scene = scene_of(case.name, case.root)
        if case.kind == "mutation" and (answer.succeeded or scene.fragile):
            ours.use_up(scene, self.caller)
        self.report.edges.update(reached(answer.response.get("data")))
        self._look(what, answer)
        return answer

    def _look(self, what: str, answer: Answer) -> None:
        flown = self.siege.canaries.in_answer(answer)
        if flown:
            self._tell(what, "shows", sorted(set(flown)))
        if answer.faulty:
            self._tell(what, "is a fault of ours:", answer.response)

    def _tell(self, *parts: object) -> None:
        self.report.leaks.append(say([f"{self.case.name} as {self.caller}:", *parts]))


async def ask(side: Side, case: Case, caller: str, things: Mapping[Path, Any]) -> Answer:
    """The answer to a call with these things."""
    present = await side.things(scene_of(case.name, case.root), caller)
    variables = case.variables(lambda path, _: things[path])
    response = await send(present.get(CALLER, side.callers[caller]), case.document, variables)
    return Answer.to(things.values(), response, case.root)


async def prepare(side: Side, cases: Iterable[Case], callers: Sequence[str] | None = None) -> None:
    """Have a side do and read everything itself: there are rows in every table, keys used up, and ends of pages."""
    for case in cases:
        for caller in callers or side.callers:
            things = await things_for(side, case, caller, (*case.slots, *case.below))
            if case.uses_keys:
                await _rehearse(side, case, caller, things)


async def _rehearse(side: Side, case: Case, caller: str, things: Mapping[Path, Any]) -> None:
    answer = await ask(side, case, caller, things)
    if answer.succeeded:
        side.keys[case.name, caller] = next(things[slot.path] for slot in case.slots if slot.is_key)
        side.use_up(scene_of(case.name, case.root), caller)
        await things_for(side, case, caller, case.slots)


async def readings(side: Side, cases: Iterable[Case]) -> dict[tuple[str, str], Any]:
    """What each caller is answered to each query, by query and caller."""
    found = {}
    for case in cases:
        if case.kind == "query" and case.root not in RESTLESS:
            for caller in side.callers:
                things = await things_for(side, case, caller, (*case.slots, *case.below))
                found[case.name, caller] = (await ask(side, case, caller, things)).plain()
    return found


def _targets(slots: Sequence[Slot]) -> list[tuple[Slot, ...]]:
    """All slots, while a key of theirs is still unused here; then each by itself."""
    alone: list[tuple[Slot, ...]] = [(slot,) for slot in slots]
    return [tuple(slots), *alone] if len(slots) > 1 else alone
