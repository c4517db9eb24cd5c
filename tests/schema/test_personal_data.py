"""Phones and addresses: masked for whoever need not know them, and written down when they are shown in full."""

from typing import Any
from uuid import UUID

import pytest

from core import audit
from core.actors import system
from core.errors import Busy
from hexmart.testing import Client, World
from schema import relay
from tenants import Platform
from tests.schema.shop import Payload, buy_delivered

pytestmark = pytest.mark.anyio

LOG = "SELECT actor_id, action, subject_type, subject_id, store_id FROM audit_entry WHERE tenant_id = $1 ORDER BY id"
PRIVATE = """{ contact { phone } address { phone line } member { phone } }"""
ORDER = f"query($id: ID!) {{ order(id: $id) {PRIVATE} again: order(id: $id) {PRIVATE} }}"
WHO = "{ viewer { ... on StaffUser { id } } }"
FULL, MASKED = "+8613800000001", "**********0001"


@pytest.fixture
async def order(world: World, member: Client) -> Payload:
    """An order of a member's that is to be brought."""
    return await buy_delivered(member, world)


async def entries(platform: Platform, world: World) -> list[tuple[Any, ...]]:
    """What the log says was seen."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        rows = [tuple(row) for row in await work.fetch(LOG)]
    return [row for row in rows if row[1] == "personal.read"]


def key_of(type_name: str, value: str) -> UUID:
    key = relay.key_of(type_name, value)
    assert key is not None
    return key


async def test_a_clerk_sees_masks_and_leaves_no_entry(
    platform: Platform, world: World, clerk: Client, order: Payload
) -> None:
    seen = (await clerk.run(ORDER, id=order["id"]))["order"]
    assert seen == {
        "contact": {"phone": MASKED},
        "address": {"phone": MASKED, "line": "人民大***"},
        "member": {"phone": MASKED},
    }
    assert await entries(platform, world) == []


async def test_what_is_shown_in_full_is_written_down_once_for_each_request(
    platform: Platform, world: World, manager: Client, order: Payload, member: Client
) -> None:
    seen = (await manager.run(ORDER, id=order["id"]))["order"]
    assert seen["contact"]["phone"] == seen["address"]["phone"] == seen["member"]["phone"] == FULL
    who = key_of("StaffUser", (await manager.run(WHO))["viewer"]["id"])
    buyer = key_of("Member", (await member.run("{ viewer { ... on Member { id } } }"))["viewer"]["id"])
    read = [
        (who, "personal.read", "Order", key_of("Order", order["id"]), world.store_keys["S1"]),
        (who, "personal.read", "Member", buyer, None),
    ]
    assert sorted(await entries(platform, world), key=str) == sorted(read, key=str)
    await manager.run(ORDER, id=order["id"])
    assert len(await entries(platform, world)) == 4


async def test_a_list_is_written_down_row_by_row(
    platform: Platform, world: World, client: Client, manager: Client
) -> None:
    orders = [await buy_delivered(client, world) for _ in range(3)]
    await manager.run("{ orders { nodes { address { line } } } }")
    wanted = {key_of("Order", order["id"]) for order in orders}
    assert {row[3] for row in await entries(platform, world)} == wanted


async def test_a_mutation_that_shows_a_phone_is_written_down_too(
    platform: Platform, world: World, manager: Client, order: Payload
) -> None:
    payload = await manager.do("orderAccept", {"orderId": order["id"]}, "order { contact { phone } }")
    assert payload["order"]["contact"]["phone"] == FULL
    assert [row[3] for row in await entries(platform, world)] == [key_of("Order", order["id"])]


async def test_ones_own_data_are_nobodys_business(
    platform: Platform, world: World, member: Client, order: Payload
) -> None:
    assert (await member.run(ORDER, id=order["id"]))["order"]["member"]["phone"] == FULL
    await member.run("{ viewer { ... on Member { phone addresses { line } } } }")
    assert await entries(platform, world) == []


async def test_what_cannot_be_written_down_is_not_shown(
    manager: Client, order: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(audit, "record_readings", fail)
    answer = await manager.send(ORDER, id=order["id"])
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BUSY"]
    assert FULL not in str(answer)


@pytest.mark.usefixtures("order")
async def test_a_permission_for_one_store_unmasks_the_members_it_knows_alone(
    client: Client, world: World, platform: Platform
) -> None:
    stranger = await client.member("13900000002")
    await buy_delivered(stranger, world)
    moved = "UPDATE role_assignment SET store_id = $2 WHERE tenant_id = $1 AND role = 'store_manager'"
    manager = await client.staff(world.email("manager"))
    phones = "{ members { nodes { phone } } }"
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(moved, world.store_keys["S2"])
        await work.execute(
            "INSERT INTO role_assignment (tenant_id, id, staff_id, role) "
            "SELECT $1, gen_random_uuid(), staff_id, 'clerk' FROM role_assignment "
            "WHERE tenant_id = $1 AND role = 'store_manager'"
        )
    assert [node["phone"] for node in (await manager.run(phones))["members"]["nodes"]] == [
        "**********0002",
        MASKED,
    ]
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(moved, world.store_keys["S1"])
    unmasked = [node["phone"] for node in (await manager.run(phones))["members"]["nodes"]]
    assert unmasked == ["+8613900000002", FULL]
