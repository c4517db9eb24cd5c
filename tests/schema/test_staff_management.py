"""Colleagues are let go and in again, renamed and signed out, by nobody who may do less than they."""

import asyncio
from dataclasses import replace

import pytest

from core import identity
from core.actors import ActorKind
from core.errors import Unauthenticated
from core.identity import Claims
from core.identity.staff import passwords
from core.ids import new_id
from hexmart.testing import Client, World
from schema import relay
from schema.relay import global_id
from tenants import Platform
from tests.schema.shop import Payload, done, refusal
from tests.schema.staffing import STAFF, Staffing, is_in

pytestmark = pytest.mark.anyio
STEPS = ("staffDeactivate", "staffActivate", "staffSignOut", "staffTotpReset", "staffUpdate")
BY_COLLEAGUES = ("staffDeactivate", "staffTotpReset")
GONE = ("CREDENTIALS_WRONG", ["input", "password"])
MISSING = ("NOT_FOUND", ["input", "staffId"])
BEYOND = ("BEYOND_OWN_RIGHTS", ["input", "staffId"])


async def do(client: Client, step: str, staff_id: str) -> Payload:
    named = {"name": "Other"} if step == "staffUpdate" else {}
    return await client.do(step, {"staffId": staff_id} | named, STAFF)


async def sign_in(client: Client, email: str) -> Payload:
    return await client.do("staffSignIn", {"email": email, "password": "hexmart-demo"}, "accessToken refreshToken")


async def test_who_is_let_go_is_signed_out_at_once_and_can_come_again(
    client: Client, world: World, owner: Client, staffing: Staffing
) -> None:
    session = await sign_in(client, world.email("clerk"))
    clerk = replace(client, token=session["accessToken"])
    assert await is_in(clerk)
    key = await staffing.key("clerk")
    assert done(await do(owner, "staffDeactivate", key), "staff")["active"] is False
    assert not await is_in(clerk)
    refresh = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }"
    assert await client.code(refresh, t=session["refreshToken"]) == "UNAUTHENTICATED"
    assert refusal(await sign_in(client, world.email("clerk"))) == GONE
    assert done(await do(owner, "staffActivate", key), "staff")["active"] is True
    assert not await is_in(clerk), "a session that has ended stays ended"
    assert await client.code(refresh, t=session["refreshToken"]) == "UNAUTHENTICATED"
    back = await client.staff(world.email("clerk"))
    assert (await back.run("{ orders { totalCount } }"))["orders"] == {"totalCount": 0}
    assert [one for one in await staffing.log() if "activated" in one] == ["staff.deactivated", "staff.activated"]


async def test_doing_it_again_changes_nothing(owner: Client, staffing: Staffing) -> None:
    key = await staffing.key("clerk")
    for step, again in (("staffActivate", True), ("staffDeactivate", False), ("staffDeactivate", True)):
        payload = await do(owner, step, key)
        assert payload["userErrors"] == []
        assert [remark["code"] for remark in payload["warnings"]] == (["ALREADY_DONE"] if again else [])
    assert await staffing.log("staff.deactivated") == ["staff.deactivated"]


@pytest.mark.parametrize("step", BY_COLLEAGUES)
async def test_nobody_lets_themselves_go_or_helps_themselves_out_of_a_second_factor(
    owner: Client, staffing: Staffing, step: str
) -> None:
    assert refusal(await do(owner, step, await staffing.key("owner"))) == ("INVALID", ["input", "staffId"])
    assert await is_in(owner)


async def test_two_owners_who_let_each_other_go_at_once_leave_one(
    client: Client, world: World, owner: Client, platform: Platform, staffing: Staffing
) -> None:
    await staffing.employ("second", "owner")
    second = await client.staff(world.email("second"))
    ids = [relay.key_of("StaffUser", await staffing.key(name)) for name in ("owner", "second")]
    async with staffing.work() as work:
        actors = [await identity.actor_of(work, Claims(ActorKind.STAFF, one, new_id())) for one in ids if one]

    async def let_go_of_the_first() -> None:
        async with platform.open_work(world.tenant, actors[1]) as work:
            await identity.deactivate_staff(work, ids[0])

    async with platform.open_work(world.tenant, actors[0]) as work:
        assert await identity.deactivate_staff(work, ids[1])
        other = asyncio.create_task(let_go_of_the_first())
        await staffing.until_blocked("SELECT name FROM role")
    with pytest.raises(Unauthenticated):  # the second works here no more
        await other
    assert (await is_in(owner), await is_in(second)) == (True, False)


async def test_an_owner_can_be_let_go_while_there_is_another(
    client: Client, world: World, owner: Client, staffing: Staffing
) -> None:
    await staffing.employ("second", "owner")
    second = await client.staff(world.email("second"))
    assert done(await do(second, "staffDeactivate", await staffing.key("owner")), "staff")["active"] is False
    assert not await is_in(owner)


async def test_somebody_is_signed_out_everywhere(
    client: Client, world: World, owner: Client, staffing: Staffing
) -> None:
    clerks = [await client.staff(world.email("clerk")) for _ in range(3)]
    other = await client.staff(world.email("courier"))
    done(await do(owner, "staffSignOut", await staffing.key("clerk")), "staff")
    assert [await is_in(clerk) for clerk in clerks] == [False] * 3
    assert await is_in(other)
    assert await is_in(await client.staff(world.email("clerk")))


async def test_somebody_is_called_by_another_name(owner: Client, clerk: Client, staffing: Staffing) -> None:
    assert done(await do(owner, "staffUpdate", await staffing.key("clerk")), "staff")["name"] == "Other"
    assert (await clerk.run("{ viewer { ... on StaffUser { name } } }"))["viewer"] == {"name": "Other"}
    bad = {"staffId": await staffing.key("clerk"), "name": " "}
    assert refusal(await owner.do("staffUpdate", bad, STAFF)) == ("INVALID", ["input", "name"])


@pytest.mark.parametrize("step", STEPS)
async def test_nobody_manages_who_may_do_more(client: Client, world: World, staffing: Staffing, step: str) -> None:
    regional = await client.staff(world.email("regional_manager"))
    before = await staffing.log()
    for more in ("owner", "brand_operator"):
        assert refusal(await do(regional, step, await staffing.key(more))) == BEYOND
    assert await staffing.log() == before
    for less in ("manager", "clerk.s1", "regional_manager"):
        if step not in BY_COLLEAGUES or less != "regional_manager":
            done(await do(regional, step, await staffing.key(less)), "staff")


@pytest.mark.parametrize("step", STEPS)
async def test_a_manager_of_a_region_manages_its_people_only(
    client: Client, world: World, staffing: Staffing, step: str
) -> None:
    await staffing.employ("north", "regional_manager", in_region=True)
    north = await client.staff(world.email("north"))
    within = [await staffing.key("clerk.s1"), await staffing.employ("s2", "store_manager", store="S2")]
    nobody_yet = await staffing.employ("new")
    everywhere = await staffing.key("clerk")
    elsewhere = await staffing.employ("s3", "clerk", store="S3")
    for key in (*within, nobody_yet):
        done(await do(north, step, key), "staff")
    assert refusal(await do(north, step, everywhere)) == BEYOND
    assert refusal(await do(north, step, elsewhere)) == MISSING


@pytest.mark.parametrize("step", STEPS)
async def test_who_is_unknown_of_another_brand_or_of_another_kind_is_not_there(
    client: Client, owner: Client, other_world: World, staffing: Staffing, step: str
) -> None:
    foreign = await Staffing(staffing.platform, other_world).key("clerk")
    for key in (foreign, global_id("StaffUser", new_id()), global_id("Member", new_id()), "", "x"):
        assert refusal(await do(owner, step, key)) == MISSING
    stranger = Client(client.application, other_world.tenant.slug)
    assert await is_in(await stranger.staff(other_world.email("clerk")))


@pytest.mark.parametrize("step", [*STEPS, "staffInvite"])
async def test_managing_staff_needs_the_permission(
    client: Client, manager: Client, member: Client, staffing: Staffing, step: str
) -> None:
    given = 'email: "a@b.example", name: "A"' if step == "staffInvite" else f'staffId: "{await staffing.key("clerk")}"'
    named = ', name: "Other"' if step == "staffUpdate" else ""
    document = f"mutation {{ {step}(input: {{{given}{named}}}) {{ userErrors {{ code }} }} }}"
    assert await client.code(document) == "UNAUTHENTICATED"
    assert [await caller.code(document) for caller in (member, manager)] == ["FORBIDDEN"] * 2


async def test_nobody_signs_in_who_was_let_go_while_their_password_was_verified(
    client: Client, world: World, owner: Client, staffing: Staffing, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, matches = await staffing.key("clerk"), passwords.matches

    async def let_go_meanwhile(kept: str | None, password: str) -> bool:
        right = await matches(kept, password)
        done(await do(owner, "staffDeactivate", key), "staff")
        return right

    monkeypatch.setattr(passwords, "matches", let_go_meanwhile)
    assert refusal(await sign_in(client, world.email("clerk"))) == GONE
    async with staffing.work() as work:
        begun = "SELECT count(*) FROM refresh_token WHERE tenant_id = $1 AND subject_id = $2"
        assert await work.value(begun, relay.key_of("StaffUser", key)) == 0
