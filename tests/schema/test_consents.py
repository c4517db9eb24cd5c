"""Members agree to texts that have versions, and withdraw at once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import h3
import pytest

from core import consents
from core.actors import system
from core.consents.locating import forget_expired
from hexmart.testing import Client, World
from schema.relay import key_of
from tenants import Platform
from tests.schema.shop import PEOPLES_SQUARE, done, refusal

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
Number = Callable[[str], Awaitable[int]]
MINE = "member { id consents { purpose given version } location { cell expiresAt } }"
TEXTS = "{ consentTexts { purpose version text publishedAt } }"
MARKETING = {"purpose": "MARKETING", "version": 0}


def publishing(text: str, *, renews: bool = False, purpose: str = "MARKETING") -> dict[str, Any]:
    return {"purpose": purpose, "texts": [{"language": "zh", "text": text}], "renews": renews}


async def agreed(member: Client, **given: Any) -> dict[str, Any]:
    """Each purpose and what the member has said to it, after agreeing."""
    found = done(await member.do("consentGive", MARKETING | given, MINE), "member")
    return {one["purpose"]: (one["given"], one["version"]) for one in found["consents"]}


async def allowed(platform: Platform, world: World, member: Client, purpose: str = "MARKETING") -> bool:
    key = await key_of_self(member)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return key in await consents.allows(work, [key], purpose)


async def key_of_self(member: Client) -> UUID:
    key = key_of("Member", (await member.run("{ viewer { ... on Member { id } } }"))["viewer"]["id"])
    assert key is not None
    return key


async def test_who_has_said_nothing_agrees_to_nothing(member: Client, platform: Platform, world: World) -> None:
    shown = (await member.run("{ viewer { ... on Member { consents { purpose given version at } } } }"))["viewer"]
    assert {"MARKETING", "PERSONALISATION", "LOCATION"} <= {one["purpose"] for one in shown["consents"]}
    assert {(one["given"], one["version"], one["at"]) for one in shown["consents"]} == {(False, None, None)}
    assert not await allowed(platform, world, member)


async def test_a_consent_counts_and_ends_at_once_and_stays_written_down(
    member: Client, platform: Platform, world: World, number_of: Number
) -> None:
    assert (await agreed(member))["MARKETING"] == (True, 0)
    assert await allowed(platform, world, member)
    await agreed(member)
    assert await number_of("consent") == 1, "the same again adds nothing"
    payload = await member.do("consentWithdraw", {"purpose": "MARKETING"}, MINE)
    assert {one["purpose"]: one["given"] for one in done(payload, "member")["consents"]}["MARKETING"] is False
    assert not await allowed(platform, world, member)
    done(await member.do("consentWithdraw", {"purpose": "MARKETING"}, MINE), "member")
    assert await number_of("consent") == 2, "nothing that was said is taken back"
    await agreed(member)
    assert (await allowed(platform, world, member), await number_of("consent")) == (True, 3)


async def test_a_text_that_renews_asks_everybody_anew(
    owner: Client, member: Client, platform: Platform, world: World
) -> None:
    await agreed(member)
    text = done(await owner.do("consentTextPublish", publishing("二"), "text { version text }"), "text")
    assert text == {"version": 1, "text": "二"}
    assert await allowed(platform, world, member), "it only says the same in other words"
    assert refusal(await member.do("consentGive", MARKETING, MINE)) == ("STALE", ["input", "version"])
    done(await owner.do("consentTextPublish", publishing("三", renews=True), "text { version }"), "text")
    done(await owner.do("consentTextPublish", publishing("四"), "text { version }"), "text")
    assert not await allowed(platform, world, member)
    assert await agreed(member, version=3) == {
        "MARKETING": (True, 3),
        "PERSONALISATION": (False, None),
        "LOCATION": (False, None),
    }
    assert await allowed(platform, world, member)


async def test_anybody_may_read_what_there_is_to_agree_to(client: Client, owner: Client) -> None:
    both = [{"language": "zh", "text": "好"}, {"language": "en", "text": "Fine."}]
    done(await owner.do("consentTextPublish", publishing("") | {"texts": both}, "text { version }"), "text")
    shown = {one["purpose"]: one for one in (await client.run(TEXTS))["consentTexts"]}
    assert (shown["MARKETING"]["version"], shown["MARKETING"]["text"]) == (1, "好")
    assert (shown["LOCATION"]["version"], shown["LOCATION"]["publishedAt"]) == (0, None)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"purpose": "NOTHING"}, ["input", "purpose"]),
        ({"texts": []}, ["input", "texts"]),
        ({"texts": [{"language": "en", "text": "Fine."}]}, ["input", "texts"]),
        ({"texts": [{"language": "zh", "text": " "}]}, ["input", "texts", "0", "text"]),
        ({"texts": [{"language": "zh", "text": "好"}] * 2}, ["input", "texts", "1", "language"]),
        ({"texts": [{"language": "Chinese", "text": "好"}]}, ["input", "texts", "0", "language"]),
    ],
)
async def test_a_text_that_nobody_could_agree_to_is_refused(
    owner: Client, given: dict[str, Any], path: list[str]
) -> None:
    payload = await owner.do("consentTextPublish", publishing("好") | given, "text { version }")
    assert refusal(payload)[1] == path


async def test_a_purpose_that_is_none_is_refused(member: Client) -> None:
    for mutation in ("consentGive", "consentWithdraw"):
        given = {"purpose": "NOTHING"} | ({"version": 0} if mutation == "consentGive" else {})
        assert refusal(await member.do(mutation, given, MINE)) == ("NOT_FOUND", ["input", "purpose"])


async def test_staff_see_nothing_of_it(member: Client, owner: Client) -> None:
    await agreed(member)
    asked = "{ members { nodes { consents { purpose } location { cell } } } }"
    nodes = (await owner.run(asked))["members"]["nodes"]
    assert nodes
    assert all(node == {"consents": [], "location": None} for node in nodes)


LOCATED = "location { cell seenAt expiresAt }"


async def test_a_place_is_kept_roughly_for_a_while_and_by_consent_alone(
    member: Client, owner: Client, move_clock: Move, platform: Platform, world: World, number_of: Number
) -> None:
    assert refusal(await member.do("memberLocationSet", PEOPLES_SQUARE, LOCATED))[0] == "CONSENT_MISSING"
    await agreed(member, purpose="LOCATION")
    found = done(await member.do("memberLocationSet", PEOPLES_SQUARE, LOCATED), "location")
    assert h3.get_resolution(found["cell"]) == 7
    done(await owner.do("ruleSet", {"key": "consents.location_resolution", "value": 5}, "rule { value }"), "rule")
    coarse = done(await member.do("memberLocationSet", PEOPLES_SQUARE, LOCATED), "location")
    assert h3.get_resolution(coarse["cell"]) == 5
    assert refusal(await owner.do("ruleSet", {"key": "consents.location_resolution", "value": 8}, "rule { value }"))
    assert await number_of("member_location") == 1
    await move_clock(timedelta(days=30, seconds=1))
    async with platform.open_work(world.tenant, system("test")) as work:
        assert await forget_expired(work) == 1
    assert await number_of("member_location") == 0


@pytest.mark.parametrize(
    ("point", "field"),
    [({"latitude": 91.0, "longitude": 0.0}, "latitude"), ({"latitude": 0.0, "longitude": 181.0}, "longitude")],
)
async def test_a_place_that_is_none_is_refused(member: Client, point: dict[str, float], field: str) -> None:
    assert refusal(await member.do("memberLocationSet", point, LOCATED)) == ("INVALID", ["input", field])


async def test_withdrawing_forgets_the_place_at_once(member: Client, number_of: Number) -> None:
    await agreed(member, purpose="LOCATION")
    done(await member.do("memberLocationSet", PEOPLES_SQUARE, LOCATED), "location")
    payload = await member.do("consentWithdraw", {"purpose": "LOCATION"}, MINE)
    assert done(payload, "member")["location"] is None
    assert await number_of("member_location") == 0
