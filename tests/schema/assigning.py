"""Giving roles and taking them away, as tests do it again and again."""

from typing import Any

from hexmart.testing import Client, World
from tests.schema.hiring import staff_id
from tests.schema.shop import Payload

ROLES = "roles { role { name } everywhere stores { code } regions { name } }"
STAFF = f"staff {{ id {ROLES} }}"
MINE = f"{{ viewer {{ ... on StaffUser {{ {ROLES} }} }} }}"
BEYOND = ("BEYOND_OWN_RIGHTS", ["input", "role"])


async def roles(staff: Client) -> dict[str, tuple[bool, list[str], int]]:
    """A person's own roles: whether everywhere, for which stores, for how many regions."""
    found = (await staff.run(MINE))["viewer"]["roles"]
    return {
        one["role"]["name"]: (one["everywhere"], sorted(s["code"] for s in one["stores"]), len(one["regions"]))
        for one in found
    }


def given(person: Any, role: str, **scope: object) -> dict[str, object]:
    return {"staffId": staff_id(person), "role": role} | scope


def at(world: World, *codes: str) -> dict[str, object]:
    return {"storeIds": [world.stores[code] for code in codes]}


async def assign(staff: Client, wish: dict[str, object]) -> Payload:
    return await staff.do("roleAssign", wish, STAFF)


async def withdraw(staff: Client, wish: dict[str, object]) -> Payload:
    return await staff.do("roleWithdraw", wish, STAFF)
