"""What is stolen, from another app, brand or person, or kept too long: codes and tokens."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx

from core import clock, identity
from core.actors import system
from tests.security.oauth.attacks import Attack, Scene, called, refused, stopped
from tests.security.oauth.partner import Partner, http_of


async def code_again(scene: Scene) -> bool:
    """A code that comes a second time was stolen: what came of it ends, and whoever else has it gets nothing."""
    code = await scene.partner.code()
    tokens = (await scene.partner.trade(code)).json()
    before = await called(scene.partner, tokens["access_token"])
    again = await scene.partner.trade(code)
    after = await called(scene.partner, tokens["access_token"])
    renewed = await scene.partner.renew(tokens["refresh_token"])
    return before and refused(again, "invalid_grant") and not after and refused(renewed, "invalid_grant")


async def code_at_once(scene: Scene) -> bool:
    """Of many who come with one code together, one gets tokens at most, and they end."""
    code = await scene.partner.code()
    answers = await asyncio.gather(*[scene.partner.trade(code) for _ in range(5)])
    won = [one.json() for one in answers if one.status_code == 200]
    return len(won) == 1 and not await called(scene.partner, won[0]["access_token"])


async def code_too_late(scene: Scene) -> bool:
    """A minute later."""
    code, offset = await scene.partner.code(), clock.offset_seconds()
    clock.move_to_offset(offset + int(timedelta(seconds=61).total_seconds()))
    try:
        return refused(await scene.partner.trade(code), "invalid_grant")
    finally:
        clock.move_to_offset(offset)


def code_of_another(choose: Callable[[Scene], tuple[Partner, Partner]]) -> Attack:
    """A code that was given to one app, brought by another."""

    async def attack(scene: Scene) -> bool:
        owner, thief = choose(scene)
        code = await owner.code()
        answer = await thief.trade(code)
        return refused(answer, "invalid_grant", "invalid_client") and (await owner.trade(code)).status_code == 200

    return attack


def renewing_as_another(choose: Callable[[Scene], tuple[Partner, Partner]]) -> Attack:
    """A refresh token that was given to one app, brought by another."""

    async def attack(scene: Scene) -> bool:
        owner, thief = choose(scene)
        token = (await owner.tokens())["refresh_token"]
        answer = await thief.renew(token)
        return refused(answer, "invalid_grant", "invalid_client") and (await owner.renew(token)).status_code == 200

    return attack


async def refresh_token_again(scene: Scene) -> bool:
    """A refresh token that comes a second time was stolen."""
    first = await scene.partner.tokens()
    second = (await scene.partner.renew(first["refresh_token"])).json()
    again = await scene.partner.renew(first["refresh_token"])
    then = await scene.partner.renew(second["refresh_token"])
    alive = await called(scene.partner, second["access_token"])
    return refused(again, "invalid_grant") and refused(then, "invalid_grant") and not alive


async def refresh_token_in_graphql(scene: Scene) -> bool:
    """An app's refresh token where people renew theirs, who show no secret."""
    tokens = await scene.partner.tokens()
    code = await scene.partner.client.code(
        "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }", t=tokens["refresh_token"]
    )
    return code == "UNAUTHENTICATED" and (await scene.partner.renew(tokens["refresh_token"])).status_code == 200


async def refresh_token_of_a_person(scene: Scene) -> bool:
    """A person's own refresh token in the hands of an app."""
    email = scene.partner.world.email("owner")
    payload = await scene.partner.client.do(
        "staffSignIn", {"email": email, "password": "hexmart-demo"}, "accessToken refreshToken"
    )
    answer = await scene.partner.renew(payload["refreshToken"])
    return refused(answer, "invalid_grant") and await called(scene.partner, payload["accessToken"])


def more_at_refresh(scope: str) -> Attack:
    """More than was consented to; then as much as was."""

    async def attack(scene: Scene) -> bool:
        token = (await scene.partner.tokens(scope="orders.read"))["refresh_token"]
        answer = await scene.partner.renew(token, scope=scope)
        return refused(answer, "invalid_scope") and (await scene.partner.renew(token)).status_code == 200

    return attack


async def shut_out(scene: Scene) -> bool:
    """An app that is let in no more, by every way."""
    code, tokens = await scene.partner.code(), await scene.partner.tokens()
    await scene.owner.do("appDeactivate", {"id": scene.partner.id})
    answers = [
        await scene.partner.trade(code),
        await scene.partner.renew(tokens["refresh_token"]),
        await scene.partner.own_token(),
        await scene.partner.ask("/oauth/introspect", token=tokens["access_token"]),
    ]
    page, alive = await scene.partner.page(), await called(scene.partner, tokens["access_token"])
    await scene.owner.do("appActivate", {"id": scene.partner.id})
    return all(refused(one, "invalid_client") for one in answers) and stopped(page) and not alive


async def person_let_go(scene: Scene) -> bool:
    """An app that acts for somebody who works here no more."""
    code, tokens = await scene.partner.code("support"), await scene.partner.tokens("support")
    brand, platform = scene.partner.world, scene.owner.application.platform
    async with platform.open_work(brand.tenant, system("test")) as work:
        person = await identity.by_email(work, brand.email("support"))
        assert person is not None
        await work.execute("UPDATE staff SET active = false WHERE tenant_id = $1 AND id = $2", person.id)
    answers = [await scene.partner.trade(code), await scene.partner.renew(tokens["refresh_token"])]
    alive = await called(scene.partner, tokens["access_token"])
    return all(refused(one, "invalid_grant") for one in answers) and not alive


async def token_of_another_introspected(scene: Scene) -> bool:
    """A token that an app has found somewhere tells it nothing."""
    tokens = await scene.rival.tokens()
    told = [await scene.partner.ask("/oauth/introspect", token=tokens[k]) for k in ("access_token", "refresh_token")]
    control = await scene.rival.ask("/oauth/introspect", token=tokens["access_token"])
    return all(one.json() == {"active": False} for one in told) and control.json()["active"]


async def token_of_another_revoked(scene: Scene) -> bool:
    """An app ends nobody else's session, and is not told whether there is one."""
    tokens = await scene.rival.tokens()
    told = [await scene.partner.ask("/oauth/revoke", token=tokens[k]) for k in ("access_token", "refresh_token")]
    nobodys = await scene.partner.ask("/oauth/revoke", token="nobody's")
    alive = await called(scene.rival, tokens["access_token"])
    return {(one.status_code, one.text) for one in [*told, nobodys]} == {(200, "{}")} and alive


async def introspected_without_a_secret(scene: Scene) -> bool:
    token = (await scene.public.tokens())["access_token"]
    return refused(await scene.public.ask("/oauth/introspect", token=token), "invalid_client")


async def token_abroad(scene: Scene) -> bool:
    """A token of one brand at another."""
    token = (await scene.partner.own_token()).json()["access_token"]
    there = scene.partner.at(scene.abroad)
    told = await scene.abroad.ask("/oauth/introspect", token=token)
    alive = await called(scene.partner, token)
    return alive and not await called(there, token) and told.json() == {"active": False}


async def public_by_itself(scene: Scene) -> bool:
    """An app without a secret has nobody to act for but people."""
    answers = [
        await scene.public.own_token(),
        await scene.public.own_token(client_secret="x"),
        await scene.public.own_token(client_secret=""),
    ]
    return all(refused(one, "invalid_client", "unauthorized_client") for one in answers)


async def mixed_up(scene: Scene) -> bool:
    """An app that is spoken to by two brands can tell which of them has answered, with a code and with an error."""
    issuers = set()
    for app in (scene.partner, scene.abroad):
        async with http_of(app.client) as http:
            told = (await http.get("/.well-known/oauth-authorization-server")).json()["issuer"]
        for decision in ("allow", "deny"):
            location = (await app.consent(decision=decision)).headers["location"]
            if httpx.URL(location).params.get_list("iss") != [told]:
                return False
        issuers.add(told)
    return len(issuers) == 2


def another_secret_of(choose: Callable[[Scene], Partner]) -> Attack:
    async def attack(scene: Scene) -> bool:
        answer = await replace(scene.partner, secret=choose(scene).secret).own_token()
        return refused(answer, "invalid_client") and (await scene.partner.own_token()).status_code == 200

    return attack
