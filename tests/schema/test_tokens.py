"""Tokens: how long they are good, and for whom."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from hexmart.testing import Client, World
from tests.schema.shop import PHONE, Payload, done

pytestmark = pytest.mark.anyio
WHO = "{ viewer { __typename } }"
REFRESH = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken refreshToken expiresIn } }"


async def session(client: Client) -> Payload:
    """The tokens of a member who has just signed in."""
    await client.do("memberOtpRequest", {"phone": PHONE})
    fields = "accessToken refreshToken viewer { __typename }"
    payload = await client.do("memberSignIn", {"phone": PHONE, "code": "000000"}, fields)
    done(payload, "viewer")
    return payload


async def renew(client: Client, token: str) -> Payload:
    renewed: Payload = (await client.run(REFRESH, t=token))["tokenRefresh"]
    return renewed


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def decoded(part: str) -> Any:
    return orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


async def test_an_access_token_ends_after_a_quarter_of_an_hour(client: Client, move_clock: Any) -> None:
    signed_in = await session(client)
    member = replace(client, token=signed_in["accessToken"])
    await move_clock(timedelta(minutes=14))
    assert (await member.run(WHO))["viewer"] == {"__typename": "Member"}
    await move_clock(timedelta(minutes=2))
    assert await member.code(WHO) == "UNAUTHENTICATED"
    renewed = replace(client, token=(await renew(client, signed_in["refreshToken"]))["accessToken"])
    assert (await renewed.run(WHO))["viewer"] == {"__typename": "Member"}


async def test_a_refresh_token_ends_after_30_days(client: Client, move_clock: Any) -> None:
    signed_in = await session(client)
    await move_clock(timedelta(days=30, seconds=1))
    assert await client.code(REFRESH, t=signed_in["refreshToken"]) == "UNAUTHENTICATED"


async def test_each_renewal_gives_another_refresh_token(client: Client) -> None:
    tokens = [(await session(client))["refreshToken"]]
    for _ in range(3):
        renewed = await renew(client, tokens[-1])
        assert renewed["expiresIn"] == 900
        tokens.append(renewed["refreshToken"])
    assert len(set(tokens)) == 4


async def test_a_refresh_token_used_twice_ends_everything_that_came_of_it(client: Client) -> None:
    other = await session(client)
    first = (await session(client))["refreshToken"]
    second = (await renew(client, first))["refreshToken"]
    assert await client.code(REFRESH, t=first) == "UNAUTHENTICATED"
    assert await client.code(REFRESH, t=second) == "UNAUTHENTICATED"
    assert (await renew(client, other["refreshToken"]))["accessToken"] is not None


@pytest.mark.parametrize("token", ["", "garbage", "x" * 2_000])
async def test_a_refresh_token_of_nobody_is_refused(client: Client, token: str) -> None:
    assert await client.code(REFRESH, t=token) == "UNAUTHENTICATED"


def _as_manager(token: str) -> str:
    header, claims, signature = token.split(".")
    return f"{header}.{encoded(decoded(claims) | {'kind': 'staff'})}.{signature}"


def _unsigned(token: str) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


def _by_a_secret(token: str) -> str:
    key = OctKey.import_key("the public key, taken for a secret")
    return jwt.encode({"alg": "HS256"}, decoded(token.split(".")[1]), key)


def _by_another_key(token: str) -> str:
    key = OKPKey.generate_key("Ed25519")
    return jwt.encode({"alg": "Ed25519"}, decoded(token.split(".")[1]), key, algorithms=["Ed25519"])


def _bent(token: str) -> str:
    header, claims, signature = token.split(".")
    return f"{header}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


FORGERIES: list[Callable[[str], str]] = [
    _as_manager,
    _unsigned,
    _by_a_secret,
    _by_another_key,
    _bent,
    lambda token: token[:-10],
    lambda token: token + "x" * 2_000,
    lambda _: "garbage",
    lambda _: "a.b.c",
]


@pytest.mark.parametrize("forge", FORGERIES)
async def test_a_token_that_was_tampered_with_is_refused(
    client: Client, member: Client, forge: Callable[[str], str]
) -> None:
    assert member.token is not None
    assert (await member.run(WHO))["viewer"] is not None
    assert await replace(client, token=forge(member.token)).code(WHO) == "UNAUTHENTICATED"


async def test_a_token_is_good_at_its_own_brand_only(
    client: Client, clerk: Client, member: Client, other_world: World
) -> None:
    refresh_token = (await session(client))["refreshToken"]
    elsewhere = replace(client, slug=other_world.tenant.slug)
    for token in (clerk.token, member.token):
        assert await replace(elsewhere, token=token).code(WHO) == "UNAUTHENTICATED"
    assert await elsewhere.code(REFRESH, t=refresh_token) == "UNAUTHENTICATED"
    assert (await renew(client, refresh_token))["accessToken"] is not None
