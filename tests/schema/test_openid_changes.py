"""A provider that changes while somebody is on the way, and what its people may guess at."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from fastapi import Request
from fastapi.responses import Response
from limits import parse

import schema.openid
from core import clock
from hexmart.testing import Client, World
from hexmart.testing.client import RequestFailed
from hexmart.testing.openid import SECRET, Misbehaviour, Provider, running
from tenants.throttle import Guard
from tests.schema.openid_visits import codes, configure, finish, go, sign_in, start
from tests.schema.staffing import is_in

pytestmark = pytest.mark.anyio
REFRESH = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken refreshToken } }"
DOCUMENT, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/keys"


@pytest.mark.parametrize("change", ["removed", "replaced"])
async def test_who_is_no_provider_any_more_vouches_for_nobody_by_answering_late(
    client: Client, owner: Client, provider: Provider, change: str
) -> None:
    brought = await go(client, provider)

    async def late(_: Request) -> Response:
        if change == "removed":
            assert (await owner.do("identityProviderRemove", {"name": "work"}))["userErrors"] == []
        else:
            assert (await configure(owner, provider, clientId="another"))["userErrors"] == []
        provider.misbehaviour = Misbehaviour()
        return await provider._keys()

    provider.misbehaviour = Misbehaviour(answer=late, path=KEYS)
    payload = await finish(client, brought)
    assert TOKEN in provider.asked
    assert codes(payload) == ["PROVIDER_REFUSED"]
    assert payload["accessToken"] is None


@pytest.mark.parametrize(
    ("change", "stays"),
    [({}, True), ({"clientSecret": "another"}, True), ({"clientId": "another"}, False), (None, False)],
    ids=["set again", "another secret", "another client", "removed"],
)
async def test_who_came_by_a_provider_goes_with_it(
    client: Client, owner: Client, provider: Provider, world: World, change: dict[str, str] | None, stays: bool
) -> None:
    begun = await sign_in(client, provider)
    renewed = (await client.run(REFRESH, t=begun["refreshToken"]))["tokenRefresh"]
    by_provider = [replace(client, token=tokens["accessToken"]) for tokens in (begun, renewed)]
    by_password = await client.staff(world.email("manager"))
    if change is None:
        assert (await owner.do("identityProviderRemove", {"name": "work"}))["userErrors"] == []
    else:
        assert (await configure(owner, provider, **change))["userErrors"] == []
    assert [await is_in(one) for one in (*by_provider, by_password)] == [stays, stays, True]


async def test_who_came_by_a_provider_long_ago_goes_with_it_too(
    client: Client, provider: Provider, world: World, move_clock: Callable[[timedelta], Awaitable[None]]
) -> None:
    tokens = await sign_in(client, provider)
    for _ in range(2):
        await move_clock(timedelta(days=20))
        tokens = (await client.run(REFRESH, t=tokens["refreshToken"]))["tokenRefresh"]
    owner = await client.staff(world.email("owner"))
    assert (await owner.do("identityProviderRemove", {"name": "work"}))["userErrors"] == []
    assert not await is_in(replace(client, token=tokens["accessToken"]))


async def test_a_secret_is_never_sent_to_the_provider_before(client: Client, owner: Client, provider: Provider) -> None:
    """Who begins at the one while the other takes its place begins again."""
    async with running() as successor:

        async def slowly(_: Request) -> Response:
            assert (await configure(owner, successor, clientSecret="for the other"))["userErrors"] == []
            provider.misbehaviour = Misbehaviour()
            return await provider._document()

        provider.misbehaviour = Misbehaviour(answer=slowly, path=DOCUMENT)
        begun = await start(client)
        assert codes(begun) == ["PROVIDER_AWAY"]
        assert begun["state"] is None
        assert (await start(client))["authorizationUrl"].startswith(successor.issuer)


async def test_another_issuer_is_not_sent_the_secret_of_the_one_before(
    client: Client, owner: Client, provider: Provider
) -> None:
    async with running() as thief:
        payload = await configure(owner, thief, clientSecret=None)
        assert [(one["code"], one["path"]) for one in payload["userErrors"]] == [("INVALID", ["input", "clientSecret"])]
        assert (await sign_in(client, provider))["accessToken"], "nothing has changed"
        assert (await configure(owner, thief, clientSecret=SECRET))["userErrors"] == []


async def test_codes_of_ones_second_factor_are_guessed_at_twenty_times_from_wherever(
    client: Client, provider: Provider, world: World
) -> None:
    manager = await client.staff(world.email("manager"))
    secret = (await manager.run("mutation { staffTotpEnrol { secret } }"))["staffTotpEnrol"]["secret"]
    shown = pyotp.TOTP(secret)
    assert (await manager.do("staffTotpConfirm", {"code": shown.at(clock.now())}))["userErrors"] == []
    wrong = next(code for code in ("000000", "111111", "222222") if not _is_shown(shown, code))
    for _ in range(20):
        assert codes(await sign_in(client, provider, totpCode=wrong)) == ["CODE_WRONG"]
    right = shown.at(clock.now() + timedelta(seconds=30))
    with pytest.raises(RequestFailed, match="RATE_LIMITED"):
        await sign_in(client, provider, totpCode=right)
    provider.email = world.email("clerk")
    assert (await sign_in(client, provider))["accessToken"], "others come in"


async def test_asking_who_does_not_answer_counts_as_well(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Guard(name="openid_start", address=parse("2 per 15 minutes"), counts_success=True)
    monkeypatch.setattr(schema.openid, "ASKED", few)
    provider.misbehaviour = Misbehaviour(status=500, path=DOCUMENT)
    assert [codes(await start(client)) for _ in range(2)] == [["PROVIDER_AWAY"]] * 2
    with pytest.raises(RequestFailed, match="RATE_LIMITED"):
        await start(client)
    assert provider.asked == [DOCUMENT] * 2


def _is_shown(totp: pyotp.TOTP, code: str) -> bool:
    return any(totp.at(clock.now() + timedelta(seconds=30 * step)) == code for step in range(-3, 6))
