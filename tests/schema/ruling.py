"""What tests of rules do again and again."""

from typing import Any

from core.ids import new_id
from core.stores.models import Region, Store
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.schema.hiring import ACTOR
from tests.schema.shop import Payload, done

RULE = "rule { key value default scope version effectiveFrom upcoming { version value } settableFor jsonSchema }"
VERSION = (
    "version { version key value effectiveFrom reason restores store { code } region { name } author { name kind } }"
)
FIELDS = f"{RULE} {VERSION}"
RULES = "query($store: ID) { rules(storeId: $store) { key value scope version } }"
HISTORY = """query($key: String, $store: ID, $first: Int, $after: String) {
  ruleHistory(key: $key, storeId: $store, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { version key value reason restores author { kind name } store { code } region { name } } } }"""
FEE = "pricing.delivery_fee"


async def set_rule(staff: Client, key: str, value: Any, **more: Any) -> Payload:
    """The payload of ruleSet."""
    return await staff.do("ruleSet", {"key": key, "value": value} | more, FIELDS)


async def ruled(staff: Client, key: str, value: Any, **more: Any) -> Payload:
    """The rule, set."""
    return done(await set_rule(staff, key, value, **more), "rule")


async def values(staff: Client, store: str | None = None) -> dict[str, Any]:
    """What each rule comes to."""
    return {rule["key"]: rule["value"] for rule in (await staff.run(RULES, store=store))["rules"]}


async def region_of(platform: Platform, world: World, *codes: str, name: str = "North") -> str:
    """A new region with these stores in it; returns its id."""
    region = Region(id=new_id(), name=name)
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(region)
        await work.session.flush()
        for code in codes:
            store = await work.session.get_one(Store, (world.tenant.id, world.store_keys[code]))
            store.region_id = region.id
    return global_id("Region", region.id)
