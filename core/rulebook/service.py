"""Setting rules: every change is a version of its own, and none is ever changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from pydantic import ValidationError

from core import access, audit, clock, stores, turns
from core.access import Scope
from core.actors import ActorKind
from core.errors import Invalid, LimitReached, NotFound
from core.rulebook.permissions import SET
from core.rulebook.queries import VERSION, by_versions
from core.rulebook.rows import RuleVersion
from core.rules import BRAND, Level, Place, Rule
from core.work import Work

MOST_WAITING = 1_000  #: decisions of a brand that are still to take effect: they are read with those in force
LONGEST_REASON = 500  #: characters
GRACE = timedelta(minutes=1)  #: by which the caller's clock may be behind
TURN = "rules"

WAITING = "SELECT count(*) FROM rule_version WHERE tenant_id = $1 AND effective_from > $2"
BEFORE = """
SELECT value::text FROM rule_version WHERE tenant_id = $1 AND key = $2 AND region_id IS NOT DISTINCT FROM $3
AND store_id IS NOT DISTINCT FROM $4 AND effective_from <= $5 ORDER BY effective_from DESC, version DESC LIMIT 1
"""
WRITE = """
INSERT INTO rule_version (tenant_id, version, key, region_id, store_id, value, effective_from, set_at, actor_kind,
    actor_id, actor_name, reason, restores)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A value that somebody wants a rule to have; None: none of its own in that place."""

    key: str
    value: object
    place: Place = BRAND
    effective_from: datetime | None = None
    reason: str | None = None


async def decide(work: Work, wanted: Wanted) -> RuleVersion:
    """Set a rule from a moment on, or from now."""
    rule = known(work, wanted.key)
    check_value(rule, wanted.value)
    await check_place(work, rule, wanted.place)
    await _require_held(work, wanted.place)
    return await _write(work, wanted, restores=None)


async def roll_back(work: Work, key: str, version: int, reason: str | None) -> RuleVersion:
    """Give a rule, where a version set it, the value of that version once more."""
    rule, found = known(work, key), (await by_versions(work, [version])).get(version)
    if found is None or found.key != key or not work.actor.may(SET.name, found.store_id):
        raise NotFound(what="version of this rule", path=("input", "version"))
    await _require_held(work, found.place)
    check_value(rule, found.value, path=("input", "version"))
    return await _write(work, Wanted(key=key, value=found.value, place=found.place, reason=reason), restores=version)


def known(work: Work, key: str) -> Rule:
    """The rule of that key, if brands may set it."""
    rule = work.hooks.rules.get(key)
    if rule is None or rule.settable == Level.PLATFORM:
        raise NotFound(what="rule", path=("input", "key"))
    return rule


def check_value(rule: Rule, value: object, *, path: tuple[str, ...] = ("input", "value")) -> None:
    """Refuse what the rule cannot be."""
    try:
        if value is not None:
            rule.parse(value)
    except ValidationError as error:
        raise Invalid(reason=f"{rule.key}: {error.errors(include_url=False)[0]['msg']}.", path=path) from error
    except TypeError as error:  # there is no JSON for an integer of 65 bits or half a character
        raise Invalid(reason=f"{rule.key}: this is no value for it.", path=path) from error


async def check_place(work: Work, rule: Rule, place: Place) -> None:
    """Refuse a place that is not there, or where the rule may not be set."""
    path = ("input", "storeId" if place.level == Level.STORE else "regionId")
    if place.level > rule.settable:
        raise Invalid(reason=f"{rule.key} is not set for a {place.level.name.lower()}.", path=path)
    if place.store_id is not None and (await stores.by_ids(work, [place.store_id]))[0] is None:
        raise NotFound(what="store", path=path)
    if place.region_id is not None and (await stores.regions_by_ids(work, [place.region_id]))[0] is None:
        raise NotFound(what="region", path=path)


async def _require_held(work: Work, place: Place) -> None:
    """Whoever sets rules for a store alone sets none for others."""
    if work.actor.kind != ActorKind.SYSTEM:
        path = ("input", "regionId" if place.level == Level.REGION else "storeId")
        await access.require_held(work, [SET.name], [Scope(place.store_id, place.region_id)], path=path)


async def _write(work: Work, wanted: Wanted, *, restores: int | None) -> RuleVersion:
    await turns.take(work, TURN)
    now = clock.now()  # once it is this one's turn, so that of two that are set at once the later number is the later
    effective = await _moment(work, wanted.effective_from, now)
    version, before = 1 + await work.value(VERSION), await work.value(BEFORE, wanted.key, *wanted.place, now)
    who = (str(work.actor.kind), work.actor.id, work.actor.name)
    value = orjson.dumps(wanted.value).decode() if wanted.value is not None else None
    told = (wanted.key, *wanted.place, value, effective, now, *who, _reason(wanted.reason), restores)
    await work.execute(WRITE, version, *told)
    made = RuleVersion(version, *told)
    await _record(work, made, before)
    return made


async def _record(work: Work, made: RuleVersion, before: str | None) -> None:
    """Write down what was set, in the store's log where it is one store's."""
    facts = {"key": made.key, "region": made.region_id, "version": made.version, "restores": made.restores}
    told = {"value": made.value, "effective_from": made.effective_from, "reason": made.reason}
    was = {"value": orjson.loads(before) if before is not None else None}
    await audit.record(work, "rule.set", "Rule", None, store_id=made.store_id, before=was, after=facts | told)


async def _moment(work: Work, asked: datetime | None, now: datetime) -> datetime:
    """From when on it holds."""
    if asked is None or now - GRACE <= asked <= now:
        return now
    if asked < now:
        raise Invalid(reason="What was cannot be changed: take a moment to come.", path=("input", "effectiveFrom"))
    if await work.value(WAITING, now) >= MOST_WAITING:
        raise LimitReached(
            reason=f"At most {MOST_WAITING} decisions wait for their moment.", path=("input", "effectiveFrom")
        )
    return asked


def _reason(given: str | None) -> str | None:
    text = (given or "").strip()
    if len(text) > LONGEST_REASON:
        raise Invalid(reason=f"A reason has at most {LONGEST_REASON} characters.", path=("input", "reason"))
    return text or None
