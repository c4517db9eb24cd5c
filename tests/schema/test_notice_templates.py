"""A brand chooses the words in which people are told things."""

from typing import Any

import pytest

from core.actors import system
from core.notices import Letter, Notice, NoticeRequested
from core.notices.service import LogChannel, deliver, send
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.shop import done, refusal

pytestmark = pytest.mark.anyio
READY = "orders.ready"
FIELDS = "template { code language title body own setAt variables { name required } }"
ENGLISH = {"code": READY, "language": "en", "title": "Come", "body": "{number} waits at {store}: {code}"}
LIST = "query($code: String) { noticeTemplates(code: $code) { code language title body own purpose } }"


async def told(platform: Platform, world: World, language: str | None, monkeypatch: pytest.MonkeyPatch) -> Letter:
    """What a channel is handed, of a notice that somebody asked for."""
    heard: list[Letter] = []

    async def keep(_: LogChannel, letter: Letter) -> None:
        heard.append(letter)

    monkeypatch.setattr(LogChannel, "deliver", keep)
    works = platform.works(world.tenant, system("test"))
    async with works() as work:
        await send(work, Notice(READY, "+8613800000001", {"number": "N-1", "store": "S", "code": "12 34"}, language))
        [event] = work._emitted
    assert isinstance(event, NoticeRequested)
    await deliver(works, event)
    return heard[0]


async def test_every_kind_has_words_in_english_and_chinese(owner: Client) -> None:
    found = (await owner.run(LIST))["noticeTemplates"]
    assert found == sorted(found, key=lambda one: (one["code"], one["language"]))
    languages: dict[str, list[str]] = {}
    for one in found:
        languages.setdefault(one["code"], []).append(one["language"])
    assert {"identity.one_time_code", READY} <= set(languages)
    assert set(map(tuple, languages.values())) == {("en", "zh")}
    assert not [one for one in found if one["own"]]


async def test_the_brands_own_words_are_what_people_read(
    owner: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = done(await owner.do("noticeTemplateSet", ENGLISH, FIELDS), "template")
    assert (template["title"], template["own"], template["setAt"] is not None) == ("Come", True, True)
    letter = await told(platform, world, "en", monkeypatch)
    assert (letter.words, letter.language) == (("Come", "N-1 waits at S: 12 34"), "en")
    chinese = await told(platform, world, None, monkeypatch)  # the brand's language
    assert chinese.words.title == "可以取货了"
    again = done(await owner.do("noticeTemplateReset", {"code": READY, "language": "en"}, FIELDS), "template")
    assert (again["own"], again["title"]) == (False, "Ready to collect")
    assert (await told(platform, world, "en", monkeypatch)).words.title == "Ready to collect"


async def test_a_brand_may_speak_further_languages(
    owner: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    french = ENGLISH | {"language": "fr", "title": "Venez"}
    done(await owner.do("noticeTemplateSet", french, FIELDS), "template")
    shown = (await owner.run(LIST, code=READY))["noticeTemplates"]
    assert [one["language"] for one in shown] == ["en", "fr", "zh"]
    assert (await told(platform, world, "fr", monkeypatch)).words.title == "Venez"
    payload = await owner.do("noticeTemplateReset", {"code": READY, "language": "fr"}, FIELDS)
    assert (payload["template"], payload["userErrors"]) == (None, [])


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"code": "no.such"}, "NOT_FOUND", "code"),
        ({"language": "english"}, "INVALID", "language"),
        ({"title": " "}, "INVALID", "title"),
        ({"title": "{phone}"}, "VARIABLE_UNKNOWN", "title"),
        ({"body": "{number} {password}"}, "VARIABLE_UNKNOWN", "body"),
        ({"body": "{number.__class__}"}, "INVALID", "body"),
        ({"body": "x" * 2_001}, "INVALID", "body"),
        ({"code": "identity.one_time_code", "title": "x", "body": "y"}, "VARIABLE_MISSING", "body"),
    ],
)
async def test_words_that_cannot_be_told_in_are_refused(
    owner: Client, given: dict[str, Any], code: str, field: str
) -> None:
    assert refusal(await owner.do("noticeTemplateSet", ENGLISH | given, FIELDS)) == (code, ["input", field])
    asked = "query($input: NoticeTemplateInput!) { noticePreview(input: $input) { title } }"
    [error] = (await owner.send(asked, input=ENGLISH | given))["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"


async def test_a_refusal_says_which_variable_it_was(owner: Client) -> None:
    payload = await owner.do("noticeTemplateSet", ENGLISH | {"body": "{password}"}, FIELDS)
    [error] = payload["userErrors"]
    assert error["message"] == (
        "There is no password that this notice could speak of; there is: brand, store, number, code."
    )


async def test_a_preview_fills_in_the_examples(owner: Client) -> None:
    asked = "query($input: NoticeTemplateInput!) { noticePreview(input: $input) { title body } }"
    shown = (await owner.run(asked, input=ENGLISH))["noticePreview"]
    assert shown == {"title": "Come", "body": "P-7Q2M waits at Hexmart People's Square: 1234 5678"}


async def test_words_are_chosen_by_whom_it_is_given_to(client: Client, world: World) -> None:
    clerk = await client.staff(world.email("clerk"))
    response = await clerk.send(LIST)
    assert response["errors"][0]["extensions"]["code"] == "FORBIDDEN"
