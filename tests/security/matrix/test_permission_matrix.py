"""Who may call what is written down, cell by cell; and a call that is denied does nothing at all."""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from hexmart.app import Application
from hexmart.databases import Databases
from hexmart.plugins import contributions, plugin_manager
from hexmart.testing import Client, World
from schema import guards, resolving
from schema.compose import compose
from schema.context import Info
from schema.fields import PUBLIC, Access, Root, query
from schema.modules import MODULES
from tenants import Platform
from tests.architecture.surface import served
from tests.security.matrix.callers import ROLES, Caller, everybody
from tests.security.matrix.fields import rows
from tests.security.matrix.table import SNAPSHOT, WRITE, Cell, Place, ask_all, denied_by, names, prepared, printed
from tests.tenants.rows import dsn, tables

pytestmark = pytest.mark.anyio
ROWS = "SELECT md5(t::text) FROM {table} t WHERE tenant_id = any($1)"
EVENTS = "outbox"


@pytest.fixture
async def callers(platform: Platform, client: Client, world: World) -> list[Caller]:
    return await everybody(platform, client, world)


async def everything(databases: Databases, callers: Sequence[Caller]) -> dict[str, Counter[str]]:
    """Every row of every tenant's table, as the brand and the operator have them, by what they add up to."""
    connection = await asyncpg.connect(dsn(databases.owner))
    tenants = sorted({caller.tenant.id for caller in callers})
    found = {
        table: Counter(row[0] for row in await connection.fetch(ROWS.format(table=table), tenants))
        for table in await tables(connection)
    }
    await connection.close()
    return found


async def changed_by(
    platform: Platform, databases: Databases, callers: Sequence[Caller], places: Sequence[Place]
) -> tuple[list[Cell], Counter[str]]:
    """What these calls are answered; and by table, how many rows are there or are gone because of them."""
    calls = await prepared(platform, places)
    before = await everything(databases, callers)
    cells = [Cell(call.row, call.caller, await call.answer()) for call in calls]
    after = await everything(databases, callers)
    changed = {t: ((after[t] - rows) + (rows - after[t])).total() for t, rows in before.items()}
    return cells, +Counter(changed)


async def test_everybody_may_call_just_what_is_written_down_and_a_denied_call_does_nothing(
    platform: Platform, databases: Databases, application: Application, callers: list[Caller]
) -> None:
    every = rows(application.schema)
    places = [(row, caller) for row in every for caller in callers]
    told = denied_by(SNAPSHOT.read_text(encoding="utf-8"), callers)
    denied = [place for place in places if names(place) in told]
    cells, changed = await changed_by(platform, databases, callers, denied)
    cells += await ask_all(platform, [place for place in places if names(place) not in told])
    table = printed(cells, places)
    if WRITE in os.environ:
        SNAPSHOT.write_text(table, encoding="utf-8")
    print(  # noqa: T201 - the figure is wanted
        f"fields={len(every)} roles={len(ROLES)} callers={len(callers)} cells={len(cells)} denied={len(denied)} "
        f"rows changed={changed.total() - changed[EVENTS]} events={changed[EVENTS]}"
    )
    assert printed(cells, places) == SNAPSHOT.read_text(encoding="utf-8"), (
        "run `python -m tests.security.matrix`, and look"
    )
    assert changed == Counter()
    assert len(callers) == 2 * len(ROLES) + 6


def test_a_field_that_asks_for_nothing_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="access"):
        query(str)  # type: ignore[call-arg]


def test_a_new_field_is_missed_in_the_table() -> None:
    with_another = {
        row.name for row in rows(compose([*MODULES, sys.modules[__name__]], contributions(plugin_manager())))
    }
    assert with_another - {row.name for row in rows(served())} == {"newField"}
    assert "newField" not in SNAPSHOT.read_text(encoding="utf-8")


@query(str, access=PUBLIC)
async def new_field(_info: Info) -> str:
    """Nobody has looked at it yet."""
    return ""


async def of_few(platform: Platform, application: Application, callers: Sequence[Caller]) -> list[Cell]:
    """Some cells, which is enough for a mutant."""
    some = [row for row in rows(application.schema) if row.name in {"orders", "roleCreate", "appCreate", "cartClaim"}]
    return await ask_all(platform, [(row, caller) for row in some for caller in callers])


def _let_in(_: Root, __: Info) -> None:
    """A guard that is asleep."""


def _any_role_will_do(root: Root, info: Info) -> None:
    if not info.viewer.grants:
        guards.guard(root, info)


def _members_are_staff(root: Root, info: Info) -> None:
    guards.guard(root if info.viewer.id is None else Root(**_parts(root)), info)


def _parts(root: Root) -> dict[str, Any]:
    return {name: getattr(root, name) for name in root.__slots__} | {"access": Access("signed-in")}


@pytest.mark.parametrize("asleep", [_let_in, _any_role_will_do, _members_are_staff])
async def test_a_guard_that_lets_others_through_would_be_found(
    platform: Platform, application: Application, callers: list[Caller], monkeypatch: pytest.MonkeyPatch, asleep: Any
) -> None:
    right = await of_few(platform, application, callers)
    monkeypatch.setattr(resolving, "guard", asleep)
    wrong = await of_few(platform, application, callers)
    different = [one for one, other in zip(right, wrong, strict=True) if one.answer != other.answer]
    print(f"{asleep.__name__[1:]}: {len(different)} of {len(right)} cells differ")  # noqa: T201 - the figure is wanted
    assert different


async def test_a_call_that_is_denied_after_it_was_performed_would_be_found(
    platform: Platform,
    databases: Databases,
    application: Application,
    callers: list[Caller],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    perform = resolving._run_mutation

    async def perform_first(root: Root, info: Info, arguments: dict[str, Any]) -> Any:
        done = await perform(root, info, arguments)
        guards.guard(root, info)
        return done

    cells = [cell for cell in await of_few(platform, application, callers) if cell.denied]
    monkeypatch.setattr(resolving, "guard", _let_in)
    monkeypatch.setattr(resolving, "_run_mutation", perform_first)
    places = [(cell.row, cell.caller) for cell in cells if cell.row.name == "appCreate"]
    monkeypatch.setattr("core.apps.service.require_held", _nothing_is_required)
    assert {"partner_app", "audit_entry"} <= set((await changed_by(platform, databases, callers, places))[1])


async def _nothing_is_required(*_: object, **__: object) -> None:
    pass
