"""Which brand a request is for, and what a brand that is suspended still answers."""

import pytest
from sqlalchemy import text

from hexmart.app import Application
from hexmart.testing import Client, World
from tenants import Platform, suspend
from tests.tenants.calls import ask, code_of

pytestmark = pytest.mark.anyio

BRAND = "{ brand { slug } }"
PRODUCTS = "{ products { nodes { slug } } }"


async def test_the_header_names_the_brand_where_the_host_is_nobodys(application: Application, world: World) -> None:
    slug = world.tenant.slug
    for host in ("localhost", "localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert (await ask(application, BRAND, host, X_Tenant=slug.upper()))["data"]["brand"]["slug"] == slug


async def test_the_host_names_the_brand(application: Application, world: World) -> None:
    slug = world.tenant.slug
    assert (await ask(application, BRAND, f"{slug}.localhost"))["data"]["brand"]["slug"] == slug
    assert (await ask(application, BRAND, f"{slug}.localhost:80", X_Tenant=slug))["data"]["brand"]["slug"] == slug


async def test_a_brands_own_host_name_leads_to_it(
    application: Application, platform: Platform, world: World, other_world: World
) -> None:
    host = f"shop.{world.tenant.slug}.example"
    async with platform.platform.begin() as connection:
        row = {"host": host, "id": world.tenant.id}
        await connection.execute(text("INSERT INTO tenant_domain (host, tenant_id) VALUES (:host, :id)"), row)
    assert (await ask(application, BRAND, host))["data"]["brand"]["slug"] == world.tenant.slug
    assert code_of(await ask(application, BRAND, host, X_Tenant=other_world.tenant.slug)) == "BAD_REQUEST"


async def test_host_and_header_must_not_name_two_brands(
    application: Application, world: World, other_world: World
) -> None:
    refused = await ask(application, BRAND, f"{world.tenant.slug}.localhost", X_Tenant=other_world.tenant.slug)
    assert code_of(refused) == "BAD_REQUEST"
    assert refused["data"] is None


async def test_a_request_for_no_brand_is_refused(application: Application) -> None:
    assert code_of(await ask(application, BRAND)) == "BAD_REQUEST"
    assert code_of(await ask(application, BRAND, X_Tenant="")) == "BAD_REQUEST"


@pytest.mark.parametrize("slug", ["nobody", "' OR true --", "%", "..", "a" * 500])
async def test_a_brand_that_does_not_exist_is_unknown(application: Application, slug: str) -> None:
    assert code_of(await ask(application, BRAND, X_Tenant=slug)) == "TENANT_UNKNOWN"


async def test_a_host_below_the_base_domain_that_is_no_brands_is_unknown(
    application: Application, world: World
) -> None:
    assert code_of(await ask(application, BRAND, "nobody.localhost", X_Tenant=world.tenant.slug)) == "TENANT_UNKNOWN"


async def test_a_host_that_names_no_brand_leaves_it_to_the_header(application: Application, world: World) -> None:
    for host in ("10.0.0.7:8000", "[::1]:8000", "balancer.example", f"{world.tenant.slug}.localhost.other.example"):
        answer = await ask(application, BRAND, host, X_Tenant=world.tenant.slug)
        assert answer["data"]["brand"]["slug"] == world.tenant.slug
        assert code_of(await ask(application, BRAND, host)) == "BAD_REQUEST"


async def test_a_suspended_brand_serves_nobody_but_lets_its_staff_sign_in(
    platform: Platform, client: Client, world: World, other_world: World
) -> None:
    before = await client.staff(world.email("manager"))
    stopped = await suspend(platform, world.tenant.slug, "unpaid bills")
    assert stopped.status == "SUSPENDED"
    assert await client.code(PRODUCTS) == "TENANT_SUSPENDED"
    assert await before.code("{ orders { nodes { id } } }") == "TENANT_SUSPENDED"
    cart = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } } }"
    assert await client.code(cart, input={}) == "TENANT_SUSPENDED"

    wish = {"email": world.email("manager"), "password": "hexmart-demo"}
    session = await client.do("staffSignIn", wish, "accessToken refreshToken viewer { __typename }")
    assert session["viewer"] == {"__typename": "StaffUser"}
    manager = Client(client.application, client.slug, session["accessToken"])
    assert (await manager.run("{ viewer { __typename } }"))["viewer"] == {"__typename": "StaffUser"}
    renewed = await client.do("tokenRefresh", {"refreshToken": session["refreshToken"]}, "accessToken")
    assert renewed["accessToken"]

    other = Client(client.application, other_world.tenant.slug)
    assert len((await other.run(PRODUCTS))["products"]["nodes"]) == 3


async def test_timers_of_a_suspended_brand_do_not_run(platform: Platform, world: World, other_world: World) -> None:
    await suspend(platform, world.tenant.slug, "unpaid bills")
    active = {tenant.slug for tenant in await platform.registry.active()}
    assert other_world.tenant.slug in active
    assert world.tenant.slug not in active
