"""What is tried with tokens that were ours: held in another way, out of their time, in another's place."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

from core.actors import system
from tenants import keys
from tests.security.tokens.forging import Token
from tests.security.tokens.scene import Scene

Story: TypeAlias = Callable[[Scene], Awaitable[bool]]  #: whether it was refused; its control is asserted within
Presented: TypeAlias = tuple[str, tuple[str, ...], Mapping[str, str]]


def presentations(scene: Scene) -> Iterator[Presented]:
    """A good token, held out in a way that is not ours: what Authorization says, and what other headers do."""
    text = str(scene.staff)
    bad = str(scene.staff.without("exp"))
    for said in (
        *("Bearer", "Bearer ", "", text, f"Bearer{text}", f"Bearer:{text}", f"Bearer: {text}", f"Bearer={text}"),
        *(f"Basic {text}", f"Token {text}", f"JWT {text}", f"DPoP {text}", f"Bearer\t{text}", f"Beаrer {text}"),  # noqa: RUF001
        *(f"Bearer Bearer {text}", f"Bearer {text} {text}", f"Bearer {text}, Bearer {text}", f"Bearer token={text}"),
    ):
        yield f"Authorization: {said.replace(text, 'token')}", (said,), {}
    for name, both in {"good, good": (text, text), "good, bad": (text, bad), "bad, good": (bad, text)}.items():
        yield f"Authorization twice: {name}", tuple(f"Bearer {one}" for one in both), {}
    for name in ("X-Authorization", "Proxy-Authorization", "Authentication", "X-Access-Token"):
        yield name, (), {name: f"Bearer {text}"}
    yield "Cookie", (), {"Cookie": f"access_token={text}; Authorization=Bearer {text}"}


async def in_the_query_string(scene: Scene) -> bool:
    text = str(scene.staff)
    assert await scene.takes(text)
    return not await scene.is_let_in(url=f"/graphql?access_token={text}&authorization=Bearer%20{text}")


async def a_refresh_token_as_an_access_token(scene: Scene) -> bool:
    tokens = await scene.signed_in()
    refused = not await scene.takes(tokens["refreshToken"])
    assert await scene.renewed(tokens["refreshToken"])
    return refused


async def an_access_token_as_a_refresh_token(scene: Scene) -> bool:
    tokens = await scene.signed_in()
    refused = await scene.renewed(tokens["accessToken"]) is None
    assert await scene.takes(tokens["accessToken"])
    return refused


async def of_a_session_that_was_signed_out(scene: Scene) -> bool:
    tokens, other = await scene.signed_in(), await scene.signed_in()
    assert await scene.takes(tokens["accessToken"])
    await scene.calling(tokens["accessToken"]).run("mutation { signOut { ended } }")
    assert await scene.takes(other["accessToken"])
    return not await scene.takes(tokens["accessToken"]) and await scene.renewed(tokens["refreshToken"]) is None


async def of_a_session_that_was_signed_out_everywhere(scene: Scene) -> bool:
    here, there = await scene.joined(), await scene.joined()
    assert await scene.takes(there["accessToken"])
    await scene.calling(here["accessToken"]).run("mutation { signOutEverywhere { ended } }")
    return not await scene.takes(there["accessToken"]) and await scene.renewed(there["refreshToken"]) is None


async def of_a_family_whose_refresh_token_was_used_twice(scene: Scene) -> bool:
    first = await scene.signed_in()
    second = await scene.renewed(first["refreshToken"])
    assert second is not None
    assert await scene.takes(first["accessToken"])
    assert await scene.takes(second["accessToken"])
    assert await scene.renewed(first["refreshToken"]) is None
    access = [await scene.takes(tokens["accessToken"]) for tokens in (first, second)]
    return access == [False, False] and await scene.renewed(second["refreshToken"]) is None


async def of_somebody_who_was_let_go(scene: Scene) -> bool:
    tokens = await scene.signed_in("courier")
    assert await scene.takes(tokens["accessToken"])
    owner = scene.calling((await scene.signed_in("owner"))["accessToken"])
    who = "{ viewer { ... on StaffUser { id } } }"
    courier = (await scene.calling(tokens["accessToken"]).run(who))["viewer"]["id"]
    assert (await owner.do("staffDeactivate", {"staffId": courier}))["userErrors"] == []
    return not await scene.takes(tokens["accessToken"]) and await scene.renewed(tokens["refreshToken"]) is None


async def of_a_member_as_staff_with_the_members_own_id(scene: Scene) -> bool:
    member = Token.of((await scene.joined())["accessToken"], scene.vault.token_key(1))
    assert await scene.takes(member)
    return not await scene.takes(member.saying(kind="staff")) and not await scene.takes(member.saying(kind="app"))


async def of_an_app_as_staff(scene: Scene) -> bool:
    """Signed by our own key: an app is no person, whatever its token says."""
    owner = scene.calling((await scene.signed_in("owner"))["accessToken"])
    wanted = {"name": "A partner", "scopes": ["orders.read"], "redirectUris": [], "confidential": True}
    made = await owner.do("appCreate", wanted, "app { clientId } secret")
    grant = {"grant_type": "client_credentials", "client_id": made["app"]["clientId"], "client_secret": made["secret"]}
    tokens = (await scene.form("/oauth/token", grant)).json()
    app = Token.of(tokens["access_token"], scene.vault.token_key(1))
    assert await scene.takes(app)
    person = scene.staff.said["sub"]
    told = [app.saying(kind="staff"), app.saying(kind="member", scope="*").without("kind")]
    stronger = str(app).replace(str(app).split(".")[1], str(app.saying(kind="staff", sub=person)).split(".")[1])
    return not any([await scene.takes(token) for token in (*told, stronger)])


async def at_the_other_brand(scene: Scene) -> bool:
    text = str(scene.staff)
    assert await scene.takes(text)
    return not await scene.is_let_in(f"Bearer {text}", **{"X-Tenant": scene.other.tenant.slug})


async def at_the_other_brand_with_its_name_in_it(scene: Scene) -> bool:
    slug = scene.other.tenant.slug
    return not await scene.is_let_in(f"Bearer {scene.staff.saying(aud=slug)}", **{"X-Tenant": slug})


async def a_refresh_token_at_the_other_brand(scene: Scene) -> bool:
    tokens = await scene.signed_in()
    refused = await scene.elsewhere().renewed(tokens["refreshToken"]) is None
    assert await scene.renewed(tokens["refreshToken"])
    return refused


async def after_its_end_by_a_second(scene: Scene) -> bool:
    text = (await scene.signed_in())["accessToken"]
    life = Token.of(text, scene.vault.token_key(1)).said
    await scene.move(timedelta(seconds=life["exp"] - life["iat"] - 5))
    assert await scene.takes(text)
    await scene.move(timedelta(seconds=6))
    refused = not await scene.takes(text)
    await scene.move(-timedelta(seconds=life["exp"] - life["iat"] + 1))
    return refused


async def of_the_key_before_after_its_time(scene: Scene) -> bool:
    """What was signed before a key was changed is good until it would have ended, and not longer."""
    old = (await scene.signed_in())["accessToken"]
    await keys.rotate(scene.platform, await scene.tenant(), system("test"))
    new = await scene.signed_in()
    assert await scene.takes(old)
    assert await scene.takes(new["accessToken"])
    life = timedelta(minutes=15)
    await scene.move(life)
    generation = (await scene.tenant()).token_generation

    def given_now(text: str, number: int) -> Token:
        token = Token.of(text, scene.vault.token_key(number))
        return token.saying(iat=token.said["iat"] + life.seconds, exp=token.said["exp"] + life.seconds)

    refused = not await scene.takes(given_now(old, generation - 1))
    assert await scene.takes(given_now(new["accessToken"], generation)), "the same by the key that signs is good"
    await scene.move(-life)
    return refused


async def of_the_key_before_that_was_changed_at_once(scene: Scene) -> bool:
    tokens = await scene.signed_in()
    assert await scene.takes(tokens["accessToken"])
    await keys.rotate(scene.platform, await scene.tenant(), system("test"), at_once=True)
    refused = not await scene.takes(tokens["accessToken"])
    renewed = await scene.renewed(tokens["refreshToken"])
    assert renewed is not None, "nobody has to sign in again"
    assert await scene.takes(renewed["accessToken"])
    return refused


async def of_the_key_before_the_one_before(scene: Scene) -> bool:
    oldest = (await scene.signed_in())["accessToken"]
    await keys.rotate(scene.platform, await scene.tenant(), system("test"))
    old = (await scene.signed_in())["accessToken"]
    assert await scene.takes(oldest)
    await keys.rotate(scene.platform, await scene.tenant(), system("test"))
    assert await scene.takes(old)
    return not await scene.takes(oldest)


async def of_the_key_before_under_the_new_ones_name(scene: Scene) -> bool:
    old = (await scene.signed_in())["accessToken"]
    generation = (await scene.tenant()).token_generation
    await keys.rotate(scene.platform, await scene.tenant(), system("test"))
    assert await scene.takes(old)
    token = Token.of(old, scene.vault.token_key(generation))
    return not await scene.takes(token.headed(kid=str(generation + 1)))


#: those that change keys come last: what was made before them is good no more
STORIES: tuple[Story, ...] = (
    in_the_query_string,
    a_refresh_token_as_an_access_token,
    an_access_token_as_a_refresh_token,
    of_a_session_that_was_signed_out,
    of_a_session_that_was_signed_out_everywhere,
    of_a_family_whose_refresh_token_was_used_twice,
    of_somebody_who_was_let_go,
    of_a_member_as_staff_with_the_members_own_id,
    of_an_app_as_staff,
    at_the_other_brand,
    at_the_other_brand_with_its_name_in_it,
    a_refresh_token_at_the_other_brand,
    after_its_end_by_a_second,
    of_the_key_before_after_its_time,
    of_the_key_before_that_was_changed_at_once,
    of_the_key_before_the_one_before,
    of_the_key_before_under_the_new_ones_name,
)
