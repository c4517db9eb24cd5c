"""Tokens: how long they are good, and for whom."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

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


async def test_a_token_is_good_at_its_own_brand_only(
    client: Client, clerk: Client, member: Client, other_world: World
) -> None:
    refresh_token = (await session(client))["refreshToken"]
    elsewhere = replace(client, slug=other_world.tenant.slug)
    for token in (clerk.token, member.token):
        assert await replace(elsewhere, token=token).code(WHO) == "UNAUTHENTICATED"
    assert await elsewhere.code(REFRESH, t=refresh_token) == "UNAUTHENTICATED"
    assert (await renew(client, refresh_token))["accessToken"] is not None
