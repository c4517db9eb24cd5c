"""What setting a rule would do, without doing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from core import clock
from core.rulebook.permissions import READ
from core.rulebook.queries import stored, value_in
from core.rulebook.service import Wanted, check_place, check_value, known
from core.rules import Rule, RuleBook
from core.work import Work

STORES = """
SELECT id, region_id FROM store WHERE tenant_id = $1 AND active AND ($2::uuid[] IS NULL OR id = any($2))
"""


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What becomes of the rule in some stores."""

    before: object
    after: object
    stores: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The stores whose value would be another, and the rules as they are and as they would be."""

    effects: list[RuleEffect]
    before: RuleBook
    after: RuleBook


async def preview(work: Work, wanted: Wanted) -> Preview:
    """What a value would change now, in the stores that the actor's rules.read reaches."""
    rule = known(work, wanted.key)
    check_value(rule, wanted.value)
    await check_place(work, rule, wanted.place)
    values = (await stored(work.fetch)).values(clock.now())
    changed = {at: value for at, value in values.items() if at != (rule.key, wanted.place)}
    if wanted.value is not None:
        changed[rule.key, wanted.place] = wanted.value
    shops = [tuple(record) for record in await work.fetch(STORES, work.actor.stores(READ.name))]
    regions = {store: region for store, region in shops if region is not None}
    before, after = (RuleBook(over=work.rules.platform, values=one, regions=regions) for one in (values, changed))
    return Preview(_effects(rule, before, after, [store for store, _ in shops]), before, after)


def _effects(rule: Rule, before: RuleBook, after: RuleBook, shops: Sequence[UUID]) -> list[RuleEffect]:
    """How many stores go from which value to which, the most first."""
    moved = Counter(
        (orjson.dumps(value_in(before, rule, one)), orjson.dumps(value_in(after, rule, one))) for one in shops
    )
    return [
        RuleEffect(orjson.loads(was), orjson.loads(becomes), stores)
        for (was, becomes), stores in moved.most_common()
        if was != becomes
    ]
