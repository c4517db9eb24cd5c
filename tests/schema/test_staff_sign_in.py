"""Staff sign in with e-mail address and password."""

import pytest

from core.access import ROLES
from core.actors import system
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.conftest import Number
from tests.schema.shop import Payload, done, refusal

pytestmark = pytest.mark.anyio
PASSWORD = "hexmart-demo"
SESSION = "accessToken refreshToken expiresIn viewer { __typename ... on StaffUser { id email name permissions } }"
CLERK = ["members.read", "orders.fulfil", "orders.read", "orders.record_sale", "orders.verify", "stock.read"]


async def sign_in(client: Client, email: str, password: str = PASSWORD) -> Payload:
    return await client.do("staffSignIn", {"email": email, "password": password}, SESSION)


async def test_a_password_lets_staff_in_with_what_they_may_do(client: Client, world: World) -> None:
    viewer = done(await sign_in(client, world.email("clerk")), "viewer")
    assert (viewer["__typename"], viewer["email"], viewer["name"]) == ("StaffUser", world.email("clerk"), "clerk")
    assert viewer["permissions"] == CLERK
    manager = done(await sign_in(client, world.email("manager")), "viewer")
    assert manager["permissions"] == sorted(ROLES["store_manager"].permissions)
    assert {*CLERK, "orders.cancel", "payments.refund"} < set(manager["permissions"])
    written = f" {world.email('clerk').upper()} "
    assert done(await sign_in(client, written), "viewer")["id"] == viewer["id"]


async def test_a_wrong_password_and_an_unknown_address_are_the_same_answer(
    client: Client, world: World, number_of: Number
) -> None:
    wrong = await sign_in(client, world.email("clerk"), "wrong")
    assert refusal(wrong) == ("CREDENTIALS_WRONG", ["input", "password"])
    unknown = [("nobody@nowhere.example", PASSWORD), ("", ""), (world.email("clerk"), ""), ("x" * 2_000, "y" * 2_000)]
    for email, password in unknown:
        assert await sign_in(client, email, password) == wrong
    assert await number_of("refresh_token") == 0


async def test_anothers_staff_do_not_work_here(client: Client, other_world: World) -> None:
    assert refusal(await sign_in(client, other_world.email("clerk")))[0] == "CREDENTIALS_WRONG"


async def test_who_has_left_is_let_in_no_more(client: Client, world: World, clerk: Client, platform: Platform) -> None:
    assert (await clerk.run("{ viewer { __typename } }"))["viewer"] == {"__typename": "StaffUser"}
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("UPDATE staff SET active = false WHERE tenant_id = $1")
    assert await clerk.code("{ viewer { __typename } }") == "UNAUTHENTICATED"
    assert refusal(await sign_in(client, world.email("clerk")))[0] == "CREDENTIALS_WRONG"


async def test_a_role_taken_away_is_gone_at_once(world: World, clerk: Client, platform: Platform) -> None:
    query = "{ orders { totalCount } }"
    assert (await clerk.run(query))["orders"] == {"totalCount": 0}
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("DELETE FROM role_assignment WHERE tenant_id = $1")
    assert await clerk.code(query) == "FORBIDDEN"
