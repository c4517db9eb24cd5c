"""Reads of rules: what is in force, what is to come, and what there was."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from core import clock
from core.database.clauses import Clauses
from core.rulebook.permissions import READ
from core.rulebook.rows import RuleState, RuleVersion
from core.rules import BRAND, Decision, Level, Place, Rule, RuleBook, Schedule
from core.work import Work

if TYPE_CHECKING:
    import asyncpg

    Fetch = Callable[..., Awaitable[Sequence[asyncpg.Record]]]  #: sends a statement whose $1 is the tenant

VERSION = "SELECT coalesce(max(version), 0) FROM rule_version WHERE tenant_id = $1"
#: of each rule and place what holds now, and all that is still to come
DECISIONS = """
(SELECT DISTINCT ON (key, region_id, store_id) version, key, region_id, store_id, value::text, effective_from
 FROM rule_version WHERE tenant_id = $1 AND effective_from <= $2
 ORDER BY key, region_id, store_id, effective_from DESC, version DESC)
UNION ALL
SELECT version, key, region_id, store_id, value::text, effective_from
FROM rule_version WHERE tenant_id = $1 AND effective_from > $2
"""
MEMBERS = "SELECT id, region_id FROM store WHERE tenant_id = $1 AND region_id = any($2::uuid[])"
COLUMNS = """version, key, region_id, store_id, value::text, effective_from, set_at, actor_kind, actor_id, actor_name,
    reason, restores"""
PLACES = """(v.store_id = {store} OR v.store_id IS NULL AND (v.region_id IS NULL OR v.region_id =
    (SELECT s.region_id FROM store s WHERE s.tenant_id = $1 AND s.id = {store})))"""
BY_VERSIONS = f"SELECT {COLUMNS} FROM rule_version WHERE tenant_id = $1 AND version = any($2::bigint[])"


async def stored(fetch: "Fetch") -> Schedule:
    """What a tenant has decided, as the database has it."""
    latest = (await fetch(VERSION))[0][0]
    if not latest:
        return Schedule()
    decisions = [_decision(record) for record in await fetch(DECISIONS, clock.now())]
    regions = {one.place.region_id for one in decisions if one.place.region_id is not None}
    members = await fetch(MEMBERS, list(regions)) if regions else ()
    return Schedule(decisions, {record["id"]: record["region_id"] for record in members}, latest)


async def version(work: Work) -> int:
    """The version of the brand's rules that this transaction sees."""
    return int(await work.value(VERSION))


async def renew(work: Work) -> None:
    """Have a Work that commits money read the rules that its transaction sees, should it have been given older ones."""
    if await version(work) != work.rules.version:
        work.rules = (await stored(work.fetch)).over(work.rules.platform, clock.now())


async def states(work: Work, store_id: UUID | None = None) -> list[RuleState]:
    """Every rule that a brand may set, as it stands for a store or for the brand as a whole."""
    schedule = await stored(work.fetch)
    places = schedule.over(work.rules.platform, clock.now()).places(store_id)
    rules = [rule for _, rule in sorted(work.hooks.rules.items()) if rule.settable > Level.PLATFORM]
    return [_state(work, schedule, rule, places) for rule in rules]


async def state(work: Work, rule: Rule, place: Place) -> RuleState:
    """A rule as it stands in a place."""
    schedule = await stored(work.fetch)
    book = schedule.over(work.rules.platform, clock.now())
    places = [place, BRAND] if place.region_id is not None else book.places(place.store_id)
    return _state(work, schedule, rule, places)


def _state(work: Work, schedule: Schedule, rule: Rule, places: Sequence[Place]) -> RuleState:
    now = clock.now()
    in_force = schedule.in_force(now)
    found = (in_force.get((rule.key, place)) for place in places)
    decision = next((one for one in found if one is not None and rule.takes(one.value)), None)
    default, waiting = value_in(work.rules.platform, rule), schedule.upcoming(rule.key, places, now)
    return RuleState(
        key=rule.key,
        description=rule.description,
        json_schema=rule.json_schema,
        default=default,
        value=default if decision is None else decision.value,
        scope=(Level.PLATFORM if decision is None else decision.place.level).name,
        settable_for=[level.name for level in Level if Level.PLATFORM < level <= rule.settable],
        version=None if decision is None else decision.version,
        effective_from=None if decision is None else decision.effective_from,
        next_version=None if waiting is None else waiting.version,
    )


def value_in(book: RuleBook, rule: Rule, store_id: UUID | None = None) -> object:
    """What a rule comes to, as JSON has it."""
    return rule.dump(getattr(book(rule.kind, store_id), rule.name))


@dataclass(frozen=True, slots=True)
class Search:
    """Which versions; None leaves a condition out."""

    key: str | None = None
    store_id: UUID | None = None  #: what this store has gone by: its own, its region's and the brand's
    before: int | None = None  #: this version


async def by_versions(work: Work, versions: Sequence[int]) -> dict[int, RuleVersion]:
    """Versions by their numbers."""
    found = await work.rows(RuleVersion, BY_VERSIONS, list(set(versions))) if versions else []
    return {one.version: one for one in found}


async def history(work: Work, wanted: Search, limit: int) -> list[RuleVersion]:
    """What rules were set to, newest first, as far as the actor's rules.read reaches."""
    clauses = _clauses(work, wanted)
    order = f"ORDER BY version DESC LIMIT {clauses.bind(limit, 'bigint')}"
    return await work.rows(
        RuleVersion, f"SELECT {COLUMNS} FROM rule_version v WHERE {clauses} {order}", *clauses.values
    )


async def count(work: Work, wanted: Search) -> int:
    """How many versions there are in all."""
    clauses = _clauses(work, wanted)
    return int(await work.value(f"SELECT count(*) FROM rule_version v WHERE {clauses}", *clauses.values))


def _clauses(work: Work, wanted: Search) -> Clauses:
    clauses, reach = Clauses(), work.actor.stores(READ.name)
    clauses.add("v.tenant_id = $1")
    if reach is not None:
        clauses.add(f"(v.store_id IS NULL OR v.store_id = any({clauses.bind(reach, 'uuid[]')}))")
    if wanted.key is not None:
        clauses.add(f"v.key = {clauses.bind(wanted.key, 'text')}")
    if wanted.before is not None:
        clauses.add(f"v.version < {clauses.bind(wanted.before, 'bigint')}")
    if wanted.store_id is not None:
        clauses.add(PLACES.format(store=clauses.bind(wanted.store_id, "uuid")))
    return clauses


def _decision(record: "asyncpg.Record") -> Decision:
    value = orjson.loads(record["value"]) if record["value"] is not None else None
    place = Place(record["region_id"], record["store_id"])
    return Decision(record["version"], record["key"], place, value, record["effective_from"])
