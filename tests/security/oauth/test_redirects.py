"""A browser is sent to addresses that were registered, and nowhere else."""

import httpx
import pytest

from hexmart.testing import Client, World
from tests.security.oauth.attacks import stopped
from tests.security.oauth.partner import CALLBACK, LOOPBACK, Partner, let_in

pytestmark = pytest.mark.anyio

BENT = (
    "https://partner.example/",
    "https://partner.example",
    "https://partner.example/bac",
    "https://partner.example/back/",
    "https://partner.example/back/more",
    "https://partner.example/back/../back",
    "https://partner.example/back%2f..",
    "https://partner.example//back",
    "https://partner.example/back?x=1",
    "https://partner.example/back?",
    "https://partner.example/back#",
    "https://partner.example/back#part",
    "https://partner.example/back%00",
    "https://partner.example/back%0d%0aSet-Cookie:a=b",
    "https://partner.example/Back",
    "https://partner.example/back ",
    " https://partner.example/back",
    "https://partner.example/back\n",
    "https://partner.example/back,https://evil.example/",
    "https://partner.example/back https://evil.example/",
    "http://partner.example/back",
    "HTTPS://partner.example/back",
    "https://PARTNER.example/back",
    "https://partner.example:443/back",
    "https://partner.example:8443/back",
    "https://partner.example./back",
    "https://partner.example.evil.example/back",
    "https://evil.example/partner.example/back",
    "https://evil.example/?https://partner.example/back",
    "https://evil.example#https://partner.example/back",
    "https://partner.example@evil.example/back",
    "https://partner.example:x@evil.example/back",
    "https://evil@partner.example/back",
    "https://evil.example\\@partner.example/back",
    "https://partner.example\\.evil.example/back",
    "https://sub.partner.example/back",
    "https://partner.exаmple/back",  # noqa: RUF001 - that a is Cyrillic
    "//partner.example/back",
    "/back",
    "back",
    "*",
    "javascript:alert(1)//https://partner.example/back",
    "data:text/html,https://partner.example/back",
    "file:///back",
    '"><script>alert(1)</script>',
    "http://127.0.0.1/",
    "http://127.0.0.1/back/",
    "http://127.0.0.1:80x/back",
    "http://127.0.0.1:/back",
    "http://127.0.0.1:123456/back",
    "http://127.0.0.1:8000@evil.example/back",
    "http://127.0.0.1.evil.example/back",
    "http://127.0.0.2/back",
    "http://127.1/back",
    "http://2130706433/back",
    "http://0x7f000001/back",
    "http://[::1]/back",
    "http://localhost/back",
    "https://127.0.0.1/back",
)


async def test_an_address_that_was_not_registered_is_sent_nobody(partner: Partner) -> None:
    through = []
    for uri in BENT:
        page, sent = await partner.page(redirect_uri=uri), await partner.consent(redirect_uri=uri)
        denied = await partner.consent(redirect_uri=uri, decision="deny")
        wrong = await partner.page(redirect_uri=uri, response_type="token")  # an error that else would be told there
        if not all(stopped(answer) for answer in (page, sent, denied, wrong)):
            through.append(uri)
    print(f"\nredirects: {len(BENT) - len(through)} of {len(BENT)} refused")  # noqa: T201 - the figure is wanted
    assert through == []
    for uri in (CALLBACK, LOOPBACK, "http://127.0.0.1:1/back", "http://127.0.0.1:65535/back"):
        answer = await partner.consent(redirect_uri=uri)
        assert answer.headers["location"].startswith(f"{uri}?code="), uri


async def test_without_an_address_nobody_is_sent_anywhere(partner: Partner) -> None:
    for client_id in (None, "unknown", "\0"):
        assert stopped(await partner.page(client_id=client_id)), client_id
    assert stopped(await partner.page(redirect_uri=None))


async def test_no_app_is_answered_at_the_address_of_another(client: Client, world: World, partner: Partner) -> None:
    other = await let_in(client, world, redirectUris=["https://other.example/"])
    assert stopped(await partner.page(redirect_uri="https://other.example/"))
    assert stopped(await other.page())
    assert (await other.page(redirect_uri="https://other.example/")).status_code == 200


async def test_an_address_with_parameters_of_its_own_keeps_them(client: Client, world: World) -> None:
    uri = "https://partner.example/back?brand=a&x="
    app = await let_in(client, world, redirectUris=[uri])
    said = httpx.URL((await app.consent(redirect_uri=uri)).headers["location"]).params
    assert (said["brand"], said["x"], said["state"]) == ("a", "", "a state")
    assert "code" in said


async def test_an_address_that_is_taken_back_is_sent_nobody(partner: Partner, client: Client, world: World) -> None:
    code = await partner.code()
    owner = await client.staff(world.email("owner"))
    await owner.do("appUpdate", {"id": partner.id, "redirectUris": ["https://new.example/"]})
    assert stopped(await partner.page())
    assert (await partner.trade(code)).status_code == 200  # it was sent there while it was good
