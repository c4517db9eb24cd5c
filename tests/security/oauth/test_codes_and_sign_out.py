"""A code that an app holds is no way round the end of somebody's sessions."""

from collections.abc import Awaitable, Callable

import pytest

from hexmart.testing import Client, World
from tests.schema.staffing import GOOD, PASSWORD, Staffing
from tests.security.oauth.partner import WHO, Partner

pytestmark = pytest.mark.anyio
Run = Callable[[], Awaitable[None]]
End = Callable[[], Awaitable[None]]


@pytest.fixture
def staffing(client: Client, world: World) -> Staffing:
    return Staffing(client.application.platform, world)


@pytest.fixture
def ends(client: Client, world: World, partner: Partner, staffing: Staffing, run_worker: Run) -> dict[str, End]:
    """The ways in which the clerk's sessions end."""

    async def everywhere() -> None:
        clerk = await client.staff(world.email("clerk"))
        await clerk.run("mutation { signOutEverywhere { ended } }")

    async def by_a_colleague() -> None:
        owner = await client.staff(world.email("owner"))
        await owner.do("staffSignOut", {"staffId": await staffing.key("clerk")})

    async def gone_and_back() -> None:
        owner, key = await client.staff(world.email("owner")), {"staffId": await staffing.key("clerk")}
        await owner.do("staffDeactivate", key)
        await owner.do("staffActivate", key)

    async def reset() -> None:
        await client.do("staffPasswordResetRequest", {"email": world.email("clerk")})
        await run_worker()
        token = await staffing.token("identity.password_reset", world.email("clerk"))
        await client.do("staffPasswordReset", {"token": token, "password": GOOD})

    async def another_password() -> None:
        clerk = await client.staff(world.email("clerk"))
        await clerk.do("staffPasswordChange", {"currentPassword": PASSWORD, "newPassword": GOOD})

    async def app_gone_and_back() -> None:
        owner = await client.staff(world.email("owner"))
        await owner.do("appDeactivate", {"id": partner.id})
        await owner.do("appActivate", {"id": partner.id})

    found = (everywhere, by_a_colleague, gone_and_back, reset, another_password, app_gone_and_back)
    return {end.__name__: end for end in found}


@pytest.mark.parametrize(
    "how", ["everywhere", "by_a_colleague", "gone_and_back", "reset", "another_password", "app_gone_and_back"]
)
async def test_a_code_from_before_is_good_for_nothing(partner: Partner, ends: dict[str, End], how: str) -> None:
    code, other = await partner.code("clerk"), await partner.tokens("manager")
    await ends[how]()
    traded = (await partner.trade(code)).json()
    if "access_token" in traded:
        assert await partner.calling(traded["access_token"]).code(WHO) == "UNAUTHENTICATED"
        assert (await partner.renew(traded["refresh_token"])).json()["error"] == "invalid_grant"
    if how != "app_gone_and_back":
        assert (await partner.calling(other["access_token"]).run(WHO))["viewer"] is not None
    assert (await partner.tokens("manager"))["access_token"]
