"""Two brands with the same codes, slugs and phone numbers: what one asks with the other's ids is not there."""

from typing import Any

import pytest

from core import identity
from core.actors import ActorKind, system
from core.errors import Unauthenticated
from hexmart.testing import Client, World
from tenants import Platform
from tests.tenants.calls import NODES, NULLS, READS, Ids, ids_of, unknown_ids, variables, writes

pytestmark = pytest.mark.anyio

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE $1::bigint IS NOT NULL AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND a.attname = 'tenant_id' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1
"""
PRINT = "SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {} t WHERE tenant_id = $1"


@pytest.fixture
def other_client(client: Client, other_world: World) -> Client:
    """A guest of the second brand."""
    return Client(client.application, other_world.tenant.slug)


@pytest.fixture
async def own(client: Client, world: World) -> Ids:
    """What the first brand has."""
    return await ids_of(client, world)


@pytest.fixture
async def theirs(other_client: Client, other_world: World) -> Ids:
    """What the second brand has."""
    return await ids_of(other_client, other_world)


async def _fingerprint(platform: Platform, world: World) -> dict[str, str]:
    """Every row of a brand, table by table."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        names = [row["relname"] for row in await work.fetch(TABLES)]
        return {name: await work.value(PRINT.format(name)) for name in names}


async def test_what_another_brand_has_reads_as_if_it_did_not_exist(
    client: Client, world: World, own: Ids, theirs: Ids
) -> None:
    readers = [client, await client.member("13800138000"), await client.staff(world.email("manager"))]
    for reader in readers:
        mine = await _read(reader, own)
        assert mine["product"] == {"slug": "milk"}
        assert mine["storesNear"][0]["hasAllItems"]
        assert mine["products"]["nodes"]
        foreign = await _read(reader, theirs)
        assert foreign == await _read(reader, unknown_ids())
        assert [foreign[name] for name in NULLS] == [None] * len(NULLS)
        assert foreign["nodes"] == [None] * 7
        assert foreign["products"]["nodes"] == []
        assert not any(match["hasAllItems"] for match in foreign["storesNear"])


async def _read(reader: Client, ids: Ids) -> dict[str, Any]:
    """Everything that can be asked for by an id."""
    return await reader.run(READS, **variables(ids)) | await reader.run(NODES, **variables(ids))


async def test_nothing_can_be_done_to_what_another_brand_has(
    platform: Platform, client: Client, world: World, other_world: World, own: Ids, theirs: Ids
) -> None:
    manager = await client.staff(world.email("manager"))
    before = await _fingerprint(platform, other_world)
    for (mutation, wish), (_, random_wish) in zip(writes(own, theirs), writes(own, unknown_ids()), strict=True):
        for caller in (client, manager) if mutation.startswith(("cart", "orderPlace", "payment")) else (manager,):
            foreign = await caller.do(mutation, wish)
            assert foreign == await caller.do(mutation, random_wish), mutation
            [refusal] = foreign["userErrors"]
            assert refusal["code"] == ("CODE_UNKNOWN" if mutation == "orderVerify" else "NOT_FOUND"), mutation
    assert await _fingerprint(platform, other_world) == before


async def test_a_change_of_one_row_would_change_the_fingerprint(
    platform: Platform, other_client: Client, other_world: World, theirs: Ids
) -> None:
    before = await _fingerprint(platform, other_world)
    await other_client.do("cartLineUpdate", {"cartId": theirs.cart, "lineId": theirs.cart_line, "quantity": 2})
    after = await _fingerprint(platform, other_world)
    assert {name for name in before if before[name] != after[name]} == {"cart", "cart_line"}


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
    client: Client, other_client: Client, world: World, own: Ids, theirs: Ids
) -> None:
    query = "{ viewer { ... on Member { id phone orders { totalCount } } } }"
    one = (await (await client.member("13800138000")).run(query))["viewer"]
    other = (await (await other_client.member("13800138000")).run(query))["viewer"]
    assert one["phone"] == other["phone"] == "+8613800138000"
    assert (one["id"], other["id"]) == (own.member, theirs.member)
    assert one["id"] != other["id"]
    manager = await client.staff(world.email("manager"))
    found = await manager.run('{ members(search: "13800138000") { totalCount nodes { id } } }')
    assert found["members"] == {"totalCount": 1, "nodes": [{"id": own.member}]}


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
