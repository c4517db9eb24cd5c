"""Members sign in with a code sent to their phone."""

from datetime import timedelta
from typing import Any

import pytest

from hexmart.testing import Client
from tests.schema.conftest import Number
from tests.schema.shop import PHONE, Payload, done, refusal

pytestmark = pytest.mark.anyio
SESSION = "accessToken refreshToken expiresIn viewer { __typename ... on Member { id phone name tier } }"
WRONG = ("CODE_WRONG", ["input", "code"])


async def ask(client: Client, phone: str = PHONE) -> Payload:
    return await client.do("memberOtpRequest", {"phone": phone}, "sent: retryAfter")


async def sign_in(client: Client, code: str = "000000", phone: str = PHONE) -> Payload:
    return await client.do("memberSignIn", {"phone": phone, "code": code}, SESSION)


async def test_a_code_makes_a_member_and_knows_one(client: Client, number_of: Number) -> None:
    await ask(client)
    payload = await sign_in(client)
    viewer = done(payload, "viewer")
    assert (viewer["__typename"], viewer["phone"], viewer["name"]) == ("Member", "+8613800000001", None)
    assert payload["expiresIn"] == 900
    for written in ("+86 138 0000 0001", "0086-13800000001", "138-0000-0001"):
        await ask(client, written)
        assert done(await sign_in(client, phone=written), "viewer")["id"] == viewer["id"]
    assert await number_of("member") == 1


async def test_a_code_is_good_once(client: Client, number_of: Number) -> None:
    await ask(client)
    done(await sign_in(client), "viewer")
    assert refusal(await sign_in(client)) == WRONG
    assert await number_of("refresh_token") == 1


async def test_a_code_that_nobody_asked_for_is_wrong(client: Client, number_of: Number) -> None:
    assert refusal(await sign_in(client)) == WRONG
    await ask(client, "13900000002")
    assert refusal(await sign_in(client)) == WRONG
    assert (await number_of("member"), await number_of("refresh_token")) == (0, 0)


@pytest.mark.parametrize(("wrong", "good"), [(4, True), (5, False)])
async def test_after_five_wrong_tries_a_code_is_void(client: Client, number_of: Number, wrong: int, good: bool) -> None:
    await ask(client)
    for attempt in range(wrong):
        assert refusal(await sign_in(client, f"00000{attempt + 1}")) == WRONG
    assert (await sign_in(client))["accessToken"] is not None if good else refusal(await sign_in(client)) == WRONG
    assert await number_of("member") == int(good)


async def test_a_new_code_may_be_tried_again(client: Client) -> None:
    await ask(client)
    for _ in range(5):
        await sign_in(client, "111111")
    await ask(client)
    assert (await sign_in(client))["userErrors"] == []


async def test_a_code_ends_after_five_minutes(client: Client, number_of: Number, move_clock: Any) -> None:
    await ask(client)
    await move_clock(timedelta(minutes=5, seconds=1))
    assert refusal(await sign_in(client)) == WRONG
    assert await number_of("member") == 0


@pytest.mark.parametrize("phone", ["", "12345", "abc", "1" * 500, "+0000000000000", "１３８"])  # noqa: RUF001
async def test_a_number_that_is_none_is_refused(client: Client, number_of: Number, phone: str) -> None:
    for payload in (await ask(client, phone), await sign_in(client, phone=phone)):
        assert refusal(payload) == ("INVALID", ["input", "phone"])
    assert await number_of("one_time_code") == 0


@pytest.mark.parametrize("code", ["", "0", "0" * 2_000, "０００００0", "' OR 1=1 --"])  # noqa: RUF001
async def test_no_other_text_passes_for_the_code(client: Client, number_of: Number, code: str) -> None:
    await ask(client)
    assert refusal(await sign_in(client, code)) == WRONG
    assert await number_of("member") == 0
