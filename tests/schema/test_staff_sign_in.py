"""Staff sign in with e-mail address and password."""

import pytest
from argon2 import PasswordHasher

from core.access import ROLES
from core.actors import system
from core.identity.staff import passwords
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tenants import Platform
from tests.schema.conftest import Number
from tests.schema.shop import Payload, done, refusal
from tests.schema.staffing import Staffing, is_in

pytestmark = pytest.mark.anyio
PASSWORD = "hexmart-demo"
SESSION = "accessToken refreshToken expiresIn viewer { __typename ... on StaffUser { id email name permissions } }"
CLERK = sorted([*ROLES["clerk"].permissions, "coupons.verify"])  #: with what a plugin brings for it


async def sign_in(client: Client, email: str, password: str = PASSWORD) -> Payload:
    return await client.do("staffSignIn", {"email": email, "password": password}, SESSION)


async def test_a_password_lets_staff_in_with_what_they_may_do(client: Client, world: World) -> None:
    viewer = done(await sign_in(client, world.email("clerk")), "viewer")
    assert (viewer["__typename"], viewer["email"], viewer["name"]) == ("StaffUser", world.email("clerk"), "clerk")
    assert viewer["permissions"] == CLERK
    manager = done(await sign_in(client, world.email("manager")), "viewer")
    assert manager["permissions"] == sorted([*ROLES["store_manager"].permissions, "coupons.verify"])
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


async def test_a_hash_of_less_effort_than_todays_is_renewed_at_sign_in(
    client: Client, world: World, staffing: Staffing, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = world.email("clerk")

    async def kept() -> str:
        async with staffing.work() as work:
            key = "SELECT password_hash FROM staff WHERE tenant_id = $1 AND email_index = $2"
            return str(await work.value(key, work.vault.index(email, "email")))

    first = await kept()
    assert await is_in(await client.staff(email))
    assert await kept() == first, "as many rounds as today: it stays"
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert refusal(await sign_in(client, email, "wrong"))[0] == "CREDENTIALS_WRONG"
    assert await kept() == first, "a wrong password renews nothing"
    assert await is_in(await client.staff(email))
    renewed = await kept()
    assert "m=16,t=2,p=1" in renewed
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert await is_in(await client.staff(email))
    assert await kept() == renewed, "a stronger hash is not weakened"


async def test_a_wrong_password_costs_as_much_whether_somebody_has_the_address(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    verify = passwords.verify_password

    def counted(kept: str | None, password: str) -> bool:
        hashed.append(password)
        return verify(kept, password)

    email = world.email("clerk")
    monkeypatch.setattr(passwords, "verify_password", counted)
    await sign_in(client, email, "wrong")  # whatever is done once in a process is done
    heard = []
    for address in (email, "nobody@nowhere.example"):
        hashed.clear()
        with listening() as statements:
            assert refusal(await sign_in(client, address, "wrong"))[0] == "CREDENTIALS_WRONG"
        heard.append((statements, len(hashed)))
    assert heard[0] == heard[1]
    assert heard[0][1] == 1


async def test_sign_ins_are_written_down_without_the_address(client: Client, world: World, staffing: Staffing) -> None:
    await sign_in(client, world.email("clerk"), "wrong")
    await sign_in(client, "nobody@nowhere.example", "wrong")
    await sign_in(client, world.email("clerk"), PASSWORD)
    async with staffing.work() as work:
        rows = await work.fetch(
            "SELECT action, subject_id IS NOT NULL AS known, after->>'reason' AS reason, actor_kind, a::text AS whole"
            " FROM audit_entry a WHERE tenant_id = $1 AND action LIKE 'staff.sign%' ORDER BY id"
        )
    failed, wrong = "staff.sign_in_failed", "CREDENTIALS_WRONG"
    assert [(row["action"], row["known"], row["reason"]) for row in rows] == [
        (failed, True, wrong),
        (failed, False, wrong),
        ("staff.signed_in", True, None),
    ]
    assert not [row for row in rows if "@" in row["whole"] or row["actor_kind"] != "guest"]
