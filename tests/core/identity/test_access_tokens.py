"""A token whose signature was looked at before is still good for one key, one brand and a while only."""

from datetime import timedelta

import pytest
from joserfc.jwk import OKPKey

from core import clock
from core.actors import ActorKind, system
from core.errors import Unauthenticated
from core.identity import Claims
from core.identity.tokens.access_tokens import _signed, sign, verify
from core.ids import new_id
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio
LIFETIME = 60


async def _token(platform: Platform, world: World) -> tuple[str, dict[str, OKPKey]]:
    claims = Claims(ActorKind.MEMBER, new_id(), new_id(), None, ())
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        token = sign(work, claims, LIFETIME)
    keys = platform.token_keys(world.tenant)
    assert verify(token, keys, world.tenant.slug) == claims  # from now on it is known
    return token, keys


async def test_a_known_token_is_read_and_not_verified_again(platform: Platform, world: World) -> None:
    token, keys = await _token(platform, world)
    before = _signed.cache_info()
    verify(token, keys, world.tenant.slug)
    after = _signed.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)


async def test_a_known_token_is_refused_under_another_key(platform: Platform, world: World) -> None:
    token, keys = await _token(platform, world)
    with pytest.raises(Unauthenticated):
        verify(token, dict.fromkeys(keys, OKPKey.generate_key("Ed25519")), world.tenant.slug)


async def test_a_known_token_is_refused_by_another_brand(platform: Platform, world: World) -> None:
    token, keys = await _token(platform, world)
    with pytest.raises(Unauthenticated):
        verify(token, keys, "another")


async def test_a_known_token_ends_when_it_was_to_end(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, keys = await _token(platform, world)
    end = clock.now() + timedelta(seconds=LIFETIME + 1)
    monkeypatch.setattr(clock, "now", lambda: end)
    with pytest.raises(Unauthenticated):
        verify(token, keys, world.tenant.slug)


async def test_what_is_no_token_is_not_remembered(platform: Platform, world: World) -> None:
    token, keys = await _token(platform, world)
    before = _signed.cache_info().currsize
    for number in range(10):
        with pytest.raises(Unauthenticated):
            verify(f"{token[:-4]}{number:04}", keys, world.tenant.slug)
    assert _signed.cache_info().currsize == before
