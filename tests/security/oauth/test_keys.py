"""Keys that change: partners find both in the brand's set, and verify by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core import clock
from core.database import begin
from hexmart.testing import World
from tenants import Platform
from tests.security.oauth.partner import WHO, Partner, http_of

pytestmark = pytest.mark.anyio
ROTATE = "UPDATE tenant SET token_generation = token_generation + 1, previous_token_until = $2 WHERE id = $1"


async def rotate(platform: Platform, world: World, *, good_for: timedelta) -> None:
    async with begin(platform.platform, tenant_id=0, clock_offset=0, read_only=False) as transaction:
        await transaction.driver.execute(ROTATE, world.tenant.id, clock.now() + good_for)
        await transaction.commit()
    await platform.tell_changed(world.tenant.slug)


async def keys_of(partner: Partner) -> dict[str, Any]:
    async with http_of(partner.client) as http:
        answer = await http.get("/.well-known/jwks.json")
    found: dict[str, Any] = answer.json()
    return found


def verified(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """What a partner reads off a token."""
    return dict(jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"]).claims)  # type: ignore[arg-type]  # as it came


async def test_the_set_has_no_private_half(partner: Partner) -> None:
    [key] = (await keys_of(partner))["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}


async def test_a_partner_verifies_tokens_by_the_brands_keys(partner: Partner, abroad: Partner) -> None:
    token = (await partner.own_token()).json()["access_token"]
    said = verified(token, await keys_of(partner))
    assert (said["aud"], said["kind"], said["scope"]) == (partner.client.slug, "app", "orders.read stock.read")
    with pytest.raises(JoseError):
        verified(token, await keys_of(abroad))


async def test_tokens_of_the_key_before_are_good_for_as_long_as_that_is(
    partner: Partner, platform: Platform, world: World, move_clock: Any
) -> None:
    old = (await partner.own_token()).json()["access_token"]
    await rotate(platform, world, good_for=timedelta(minutes=10))
    keys, new = await keys_of(partner), (await partner.own_token()).json()["access_token"]
    assert [key["kid"] for key in keys["keys"]] == ["2", "1"]
    for token in (old, new):
        assert verified(token, keys)["kind"] == "app"
        assert (await partner.calling(token).run(WHO))["viewer"] is not None
    await move_clock(timedelta(minutes=11))
    assert [key["kid"] for key in (await keys_of(partner))["keys"]] == ["2"]
    assert await partner.calling(old).code(WHO) == "UNAUTHENTICATED"
    assert (await partner.calling(new).run(WHO))["viewer"] is not None


async def test_a_key_that_is_replaced_now_is_gone_now(partner: Partner, platform: Platform, world: World) -> None:
    old = (await partner.own_token()).json()["access_token"]
    await rotate(platform, world, good_for=timedelta())
    assert [key["kid"] for key in (await keys_of(partner))["keys"]] == ["2"]
    assert await partner.calling(old).code(WHO) == "UNAUTHENTICATED"
    assert (await partner.ask("/oauth/introspect", token=old)).json() == {"active": False}
