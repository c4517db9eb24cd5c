"""The page that asks for consent shows texts of strangers, as texts."""

from html.parser import HTMLParser

import pytest

import tenants
from hexmart.testing import Client, World
from tenants import PLATFORM_SLUG, Platform
from tests.security.oauth.attacks import refused, stopped
from tests.security.oauth.partner import Partner, let_in

pytestmark = pytest.mark.anyio

TRICKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "${hidden}$refusal$$",
    "javascript:alert(1)",
    "</form><form action=https://evil.example>",
)
MAY = {
    *("html", "head", "meta", "title", "style", "body", "h1", "p", "strong", "ul", "li"),
    *("form", "input", "label", "button"),
}


class Seen(HTMLParser):
    """The elements of a page and what can be done by them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.names: set[str] = set()
        self.forms: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.names |= {name for name, _ in attrs}
        if tag == "form":
            self.forms.append(dict(attrs).get("action"))


def shape(page: str) -> tuple[list[str], set[str], list[str | None]]:
    seen = Seen(page)
    return seen.elements, seen.names, seen.forms


async def test_no_text_becomes_a_part_of_the_page(client: Client, world: World) -> None:
    plain = await let_in(client, world)
    page, again = await plain.page(), await plain.consent(email="a", password="wrong")
    expected, expected_again = shape(page.text), shape(again.text)
    assert set(expected[0]) <= MAY
    assert not [name for name in expected[1] if name.startswith("on")]
    assert expected[2] == ["/oauth/authorize"]
    for trick in TRICKS:
        app = await let_in(client, world, name=trick)
        assert shape((await app.page(state=trick)).text) == expected, trick
        failed = await app.consent(state=trick, email=trick, password="wrong")
        assert shape(failed.text) == expected_again, trick
        assert "alert(1)</script>" not in failed.text.replace("&lt;", "")
        for name in ("scope", "response_type", "code_challenge_method", "client_id", "redirect_uri"):
            answer = await app.page(**{name: trick})
            if "location" not in answer.headers:
                assert set(Seen(answer.text).elements) <= MAY, (name, trick)
    print(f"\npage: {len(TRICKS)} texts in 8 places, none of them more than a text")  # noqa: T201 - the figure is wanted


async def test_an_error_is_never_sent_back_in_pieces(partner: Partner) -> None:
    for trick in (*TRICKS, "a\r\nSet-Cookie: a=b"):
        for name in ("scope", "response_type", "code_challenge"):
            answer = await partner.page(**{name: trick}, state=trick)
            assert "\n" not in answer.headers["location"]
            assert "set-cookie" not in answer.headers


async def test_a_suspended_brand_lets_no_app_in(partner: Partner, platform: Platform, world: World) -> None:
    tokens = await partner.tokens()
    await tenants.suspend(platform, world.tenant.slug, "a test")
    for answer in (
        await partner.own_token(),
        await partner.renew(tokens["refresh_token"]),
        await partner.ask("/oauth/introspect", token=tokens["access_token"]),
        await partner.ask("/oauth/revoke", token=tokens["access_token"]),
    ):
        assert refused(answer, "invalid_request")
    assert stopped(await partner.page())
    assert stopped(await partner.consent())


async def test_the_platform_and_unknown_brands_let_no_app_in(client: Client, partner: Partner) -> None:
    for slug in (PLATFORM_SLUG, "no-brand", ""):
        lost = Partner(Client(client.application, slug), partner.world, partner.id, partner.client_id, partner.secret)
        assert stopped(await lost.page()), slug
        assert refused(await lost.own_token(), "invalid_request"), slug


async def test_a_fault_tells_nothing(partner: Partner, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a canary")

    monkeypatch.setattr(platform, "open_work", broken)
    for answer in (await partner.own_token(), await partner.page()):
        assert answer.status_code == 500
        assert "canary" not in answer.text
