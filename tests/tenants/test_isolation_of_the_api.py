"""Two brands with the same codes, slugs and phone numbers; tests/security/attack asks one for what the other has."""

import pytest

from core import identity
from core.actors import ActorKind
from core.errors import Unauthenticated
from hexmart.testing import Client, World
from tenants import Platform

pytestmark = pytest.mark.anyio


@pytest.fixture
def other_client(client: Client, other_world: World) -> Client:
    """A guest of the second brand."""
    return Client(client.application, other_world.tenant.slug)


async def test_slugs_and_codes_mean_each_brands_own(
    client: Client, other_client: Client, world: World, other_world: World
) -> None:
    query = '{ product(slug: "milk") { id } variant(sku: "MILK-1L") { id } store(code: "S1") { id } }'
    one, other = await client.run(query), await other_client.run(query)
    for brand, found in ((world, one), (other_world, other)):
        assert found["variant"]["id"] == brand.variants["MILK-1L"]
        assert found["store"]["id"] == brand.stores["S1"]
    assert one["product"]["id"] != other["product"]["id"]


async def test_the_same_phone_is_another_member_at_another_brand(
    client: Client, other_client: Client, world: World
) -> None:
    query = "{ viewer { ... on Member { id phone orders { totalCount } } } }"
    one = (await (await client.member("13800138000")).run(query))["viewer"]
    other = (await (await other_client.member("13800138000")).run(query))["viewer"]
    assert one["phone"] == other["phone"] == "+8613800138000"
    assert one["id"] != other["id"]
    manager = await client.staff(world.email("manager"))
    found = await manager.run('{ members(search: "13800138000") { totalCount nodes { id } } }')
    assert found["members"] == {"totalCount": 1, "nodes": [{"id": one["id"]}]}


async def test_a_token_is_good_at_its_own_brand_only(client: Client, other_world: World, world: World) -> None:
    holders = [await client.member("13800138000"), await client.staff(world.email("manager"))]
    for holder in holders:
        assert (await holder.run("{ viewer { __typename } }"))["viewer"] is not None
        stranger = Client(holder.application, other_world.tenant.slug, holder.token)
        assert await stranger.code("{ viewer { __typename } }") == "UNAUTHENTICATED"
        assert await stranger.code("{ products { nodes { slug } } }") == "UNAUTHENTICATED"


async def test_a_token_needs_both_its_brands_key_and_its_brands_name(
    platform: Platform, client: Client, world: World, other_world: World
) -> None:
    token = (await client.member("13800138000")).token or ""
    keys = {brand.tenant.slug: platform.token_keys(brand.tenant) for brand in (world, other_world)}
    own, other = world.tenant.slug, other_world.tenant.slug
    assert identity.verify(token, keys[own], own).kind == ActorKind.MEMBER
    for key, name in ((own, other), (other, own)):
        with pytest.raises(Unauthenticated):
            identity.verify(token, keys[key], name)


async def test_a_refresh_token_is_good_at_its_own_brand_only(client: Client, other_client: Client) -> None:
    await client.do("memberOtpRequest", {"phone": "13800138000"})
    wish = {"phone": "13800138000", "code": "000000"}
    session = await client.do("memberSignIn", wish, "refreshToken")
    refresh = "mutation($input: TokenRefreshInput!) { tokenRefresh(input: $input) { accessToken } }"
    wish = {"refreshToken": session["refreshToken"]}
    assert await other_client.code(refresh, input=wish) == "UNAUTHENTICATED"
    assert (await client.run(refresh, input=wish))["tokenRefresh"]["accessToken"]


async def test_a_sealed_phone_opens_with_its_own_brands_key_only(
    platform: Platform, world: World, other_world: World
) -> None:
    sealed = platform.vault(world.tenant.id).seal("+8613800138000", "member.phone:1")
    assert platform.vault(world.tenant.id).open(sealed, "member.phone:1") == "+8613800138000"
    with pytest.raises(ValueError, match="does not open"):
        platform.vault(other_world.tenant.id).open(sealed, "member.phone:1")
