"""The matrix as it is asked, and as it is committed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from core import identity
from core.actors import Actor, ActorKind
from core.ids import new_id
from core.work import Work
from hexmart.testing import Client
from tenants import Platform
from tests.schema.hiring import ACTOR
from tests.security.matrix.callers import Caller
from tests.security.matrix.fields import Row

WRITE = "HEXMART_WRITE_MATRIX"  #: in the environment: the table is written anew before it is compared
SNAPSHOT = Path(__file__).with_name("matrix.txt")
ALLOWED, UNAUTHENTICATED, FORBIDDEN = ".", "U", "F"
DENIALS = {"UNAUTHENTICATED": UNAUTHENTICATED, "FORBIDDEN": FORBIDDEN}
NO_ANSWERS = {"INTERNAL", "PLUGIN_DISABLED"}  #: that say nothing about who may call
HEAD = """\
Who may call which field: every root field by everybody, as the engine answers a real request.
`python -m tests.security.matrix` writes this anew.

.  allowed        U  UNAUTHENTICATED        F  FORBIDDEN

"""


Place: TypeAlias = tuple[Row, Caller]  #: in the table


@dataclass(frozen=True, slots=True)
class Cell:
    row: Row
    caller: Caller
    answer: str

    @property
    def denied(self) -> bool:
        return self.answer != ALLOWED


@dataclass(frozen=True, slots=True)
class Call:
    """A field to be asked for by somebody who has just signed in."""

    row: Row
    caller: Caller
    client: Client
    document: str

    async def answer(self) -> str:
        """What the engine says to it."""
        ask = self.client.first if self.row.kind == "subscription" else self.client.send
        response = await ask(self.document)
        errors = response.get("errors", [])
        assert all("path" in error for error in errors), (self.row.name, "was never asked", response)
        codes = {error["extensions"]["code"] for error in errors}
        assert not codes & NO_ANSWERS, (self.row.name, self.caller.name, response)
        assert len(codes) <= 1, (self.row.name, self.caller.name, response)
        return next((DENIALS[code] for code in codes if code in DENIALS), ALLOWED)


async def ask_all(platform: Platform, places: Iterable[Place]) -> list[Cell]:
    """What everybody is answered, each in a session that has just begun: the one before may have been ended."""
    return [
        Cell(call.row, call.caller, await call.answer())
        for place in places
        for call in await prepared(platform, [place])
    ]


async def prepared(platform: Platform, places: Iterable[Place]) -> list[Call]:
    """Calls with all that has to be written before they are made, by one Work at each tenant."""
    works: dict[int, Work] = {}
    calls = []
    async with AsyncExitStack() as stack:
        for row, caller in places:
            if (tenant := caller.tenant).id not in works:
                works[tenant.id] = await stack.enter_async_context(platform.open_work(tenant, ACTOR))
            calls.append(await _prepared(works[tenant.id], row, caller))
    return calls


async def _prepared(work: Work, row: Row, caller: Caller) -> Call:
    claims = caller.claiming(row.permission)
    document = await _document(work, row, caller)
    if claims is None:
        return Call(row, caller, caller.client, document)
    session = await identity.issue(work, claims)
    return Call(row, caller, replace(caller.client, token=session.access_token), document)


async def _document(work: Work, row: Row, caller: Caller) -> str:
    """The call; a refresh token has to be a good one, since a bad one is answered as if nobody were signed in."""
    if row.name != "tokenRefresh":
        return row.document
    own = caller.claims is not None and caller.claims.kind == ActorKind.STAFF
    somebody = caller.claims if own else identity.signing_in(Actor(ActorKind.MEMBER, new_id()))
    assert somebody is not None, "whoever is of staff is somebody"
    session = await identity.issue(work, replace(somebody, session=new_id()))
    return row.document.replace('"x"', f'"{session.refresh_token}"')


def names(place: Place) -> tuple[str, str]:
    """A field and a caller by what the table calls them."""
    return place[0].name, place[1].name


def denied_by(table: str, callers: Sequence[Caller]) -> set[tuple[str, str]]:
    """The calls that a printed table has as denied."""
    lines = [line.split() for line in table.splitlines() if len(line.split()) > len(callers)]
    return {
        (line[0], caller.name)
        for line in lines
        for caller, answer in zip(callers, line[-len(callers) :], strict=True)
        if answer in DENIALS.values()
    }


def printed(cells: Iterable[Cell], places: Sequence[Place]) -> str:
    """The table, a line for each field, in whatever order the cells were asked."""
    answers = {names((cell.row, cell.caller)): cell.answer for cell in cells}
    callers = list(dict.fromkeys(caller.name for _, caller in places))
    rows = {row.name: row for row, _ in places}
    return HEAD + "\n".join([*_legend(callers), "", *_lines(callers, rows, answers)]) + "\n"


def _legend(callers: Sequence[str]) -> Iterator[str]:
    yield from (f"{number:>2}  {name}" for number, name in enumerate(callers, start=1))


def _lines(callers: Sequence[str], rows: Mapping[str, Row], answers: Mapping[tuple[str, str], str]) -> Iterator[str]:
    width = max(len(name) for name in rows) + 2
    needs = max(len(row.requires or "") for row in rows.values()) + 2
    kind = ""
    for name, row in rows.items():
        if row.kind != kind:
            yield f"{'' if not kind else chr(10)}{row.kind:<{width + needs}}" + "".join(
                f"{number:>3}" for number in range(1, len(callers) + 1)
            )
            kind = row.kind
        yield f"{name:<{width}}{row.requires or '':<{needs}}" + "".join(
            f"{answers[name, caller]:>3}" for caller in callers
        )
