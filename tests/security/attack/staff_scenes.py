"""What has to have happened before calls that are about staff, roles, apps and sessions."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pyotp

from core.actors import system
from core.identity.staff import tickets
from core.identity.staff.tickets import Purpose
from hexmart.testing import Client
from schema.relay import key_of
from tests.schema.openid_visits import configure, start
from tests.schema.shop import done
from tests.security.attack.furnishing import new_phone
from tests.security.attack.sides import CALLER, Scene, Side, Things
from tests.security.attack.sources import PASSWORD
from tests.security.oauth.partner import Partner, let_in

SCOPES = ("orders.read",)
CONFIRM = "mutation($input: StaffTotpConfirmInput!) { staffTotpConfirm(input: $input) { recoveryCodes } }"


async def colleague(side: Side, _: str) -> Things:
    """Somebody who works in the store."""
    email, staff_id = await _invited(side)
    return {"staff.other": staff_id, "staff.email": email}


async def former_colleague(side: Side, caller: str) -> Things:
    """Somebody who does not work there any more."""
    things = await colleague(side, caller)
    done(await side.callers["owner"].do("staffDeactivate", {"staffId": things["staff.other"]}, "staff { id }"), "staff")
    return things


async def invited(side: Side, _: str) -> Things:
    """Somebody holds an invitation."""
    _, staff_id = await _invited(side)
    return {"token.invitation": await _ticket(side, staff_id, Purpose.INVITE)}


async def forgetful(side: Side, _: str) -> Things:
    """Somebody was sent a ticket to choose another password."""
    _, staff_id = await _invited(side)
    return {"token.reset": await _ticket(side, staff_id, Purpose.RESET)}


async def unused_role(side: Side, _: str) -> Things:
    """A role that nobody has."""
    return {"role.unused": await make_role(side)}


async def assignable(side: Side, caller: str) -> Things:
    """A role, and somebody who may get it."""
    return await colleague(side, caller) | {"role.other": await make_role(side)}


async def assigned(side: Side, _: str) -> Things:
    """The same once they have it, in a store, in a region and everywhere: every store knows them."""
    _, staff_id = await _invited(side, "somebody")
    things = {"staff.other": staff_id, "role.other": await make_role(side)}
    places = {"storeIds": [side.store_id]}, {"regionIds": [side.standing["region"]]}, {"everywhere": True}
    for place in places:
        await assign(side.callers["owner"], things["staff.other"], things["role.other"], **place)
    return things


async def app(side: Side, _: str) -> Things:
    """A partner's app."""
    return {"app.other": (await make_app(side, SCOPES)).id}


async def app_shut_out(side: Side, caller: str) -> Things:
    """A partner's app that is not let in."""
    things = await app(side, caller)
    done(await side.callers["owner"].do("appDeactivate", {"id": things["app.other"]}, "app { id }"), "app")
    return things


async def session_to_end(side: Side, caller: str) -> Things:
    """Another sign-in of somebody like the caller, for what ends it."""
    client = side.callers[caller]
    if caller == "member":
        return {CALLER: await replace(client, token=None).member(new_phone())}
    if caller == "app":
        return {CALLER: await signed_in_app(await make_app(side, SCOPES), SCOPES)}
    return {} if caller == "guest" else {CALLER: await _newcomer(side)}


async def second_factor_begun(side: Side, caller: str) -> Things:
    """Somebody has been shown a secret for an authenticator."""
    staff = side.callers[caller] if caller in {"guest", "member", "app"} else await _newcomer(side)
    secret = (await staff.send("mutation { staffTotpEnrol { secret } }"))["data"]
    shown = pyotp.TOTP(secret["staffTotpEnrol"]["secret"]).now() if secret else "000000"
    return {CALLER: staff, "totp.code": shown}


async def second_factor_on(side: Side, caller: str) -> Things:
    """Somebody signs in with a second factor; a code in hand is one for when the authenticator is lost."""
    things = await second_factor_begun(side, caller)
    confirmed = await things[CALLER].send(CONFIRM, input={"code": things["totp.code"]})
    codes = ((confirmed["data"] or {}).get("staffTotpConfirm") or {}).get("recoveryCodes")
    return {**things, "totp.code": codes[0] if codes else "000000"}


async def make_role(side: Side, permission: str = "orders.read") -> str:
    """A new role, by its name."""
    brand = side.standing["word"]
    name = f"{brand}_{secrets.token_hex(5)}"
    wish = {"name": name, "label": brand, "permissions": [permission]}
    done(await side.callers["owner"].do("roleCreate", wish, "role { name }"), "role")
    return name


async def assign(by: Client, staff_id: str, role: str, **place: Any) -> None:
    """Give somebody a role."""
    done(await by.do("roleAssign", {"staffId": staff_id, "role": role} | place, "staff { id }"), "staff")


async def make_app(side: Side, scopes: Sequence[str]) -> Partner:
    """A new app."""
    return await let_in(side.callers["guest"], side.world, name=f"App {side.mark}", scopes=list(scopes))


async def signed_in_app(app: Partner, scopes: Sequence[str]) -> Client:
    """The app, acting by itself."""
    return app.calling((await app.own_token(scope=" ".join(scopes))).json()["access_token"])


async def _newcomer(side: Side) -> Client:
    """Somebody new, signed in."""
    email, _ = await _invited(side)
    return await replace(side.callers["guest"], token=None).staff(email, PASSWORD)


async def employ(side: Side, partner: Partner) -> str:
    """A colleague with roles of every reach, given and taken by the owner, and by an app for the owner: their id."""
    owner, (_, person) = side.callers["owner"], await _invited(side)
    here, there = {"storeIds": [side.store_id]}, {"storeIds": [side.world.stores["S2"]]}
    scope = "roles.assign staff.read orders.read"
    for_owner = partner.calling((await partner.tokens("owner", scope=scope))["access_token"])
    await assign(owner, person, await make_role(side), **here)
    await assign(for_owner, person, await make_role(side), **here)
    await assign(owner, person, await make_role(side, "stock.read"), regionIds=[side.standing["region"]])
    await assign(owner, person, await make_role(side, "members.read"), **there)
    await assign(owner, person, taken := await make_role(side), **here)
    await owner.do("roleWithdraw", {"staffId": person, "role": taken} | here)
    return person


async def _invited(side: Side, name: str | None = None) -> tuple[str, str]:
    """Address and id of somebody new who is to work in the store; called as all that is the side's."""
    owner, called = side.callers["owner"], name or side.mark
    email = f"{secrets.token_hex(6)}@{called}.example"
    made = done(await owner.do("staffInvite", {"email": email, "name": called}, "staff { id }"), "staff")
    await assign(owner, made["id"], "courier", storeIds=[side.store_id])
    return email, str(made["id"])


async def _ticket(side: Side, staff_id: str, purpose: Purpose) -> str:
    """What was sent by e-mail."""
    key = key_of("StaffUser", staff_id)
    assert key is not None, "whoever was invited has an id"
    platform = side.callers["guest"].application.platform
    async with platform.open_work(side.world.tenant, system("test")) as work:
        token = await tickets.issue(work, key, purpose)
    assert token is not None, "nothing was sent a moment ago"
    return token


async def provided(side: Side, _: str) -> Things:
    """A provider that nobody signs in by."""
    name = secrets.token_hex(5)
    await configure(side.callers["owner"], side.provider, name=name)
    return {"provider.unused": name}


async def at_the_provider(side: Side, _: str) -> Things:
    """Somebody has signed in at the provider, and their browser is on its way back."""
    side.provider.email = side.world.email("finance")
    begun = await start(side.callers["guest"], provider=side.standing["provider"])
    brought = httpx.URL(side.provider.authorize(httpx.URL(begun["authorizationUrl"]).params)).params
    return {f"openid.{kind}": brought[name] for kind, name in (("state", "state"), ("code", "code"), ("issuer", "iss"))}


STAFF_SCENES: dict[str, Scene] = {
    "staffUpdate": (somebody := Scene(colleague)),
    "staffDeactivate": somebody,
    "staffActivate": Scene(former_colleague),
    "staffSignOut": somebody,
    "staffTotpReset": somebody,
    "staffSignIn": somebody,
    "staffPasswordResetRequest": somebody,
    "staffInvitationAccept": Scene(invited),
    "staffPasswordReset": Scene(forgetful),
    "staffPasswordChange": (signed_in := Scene(session_to_end, personal=True)),
    "staffTotpEnrol": signed_in,
    "staffTotpEnrol(again)": Scene(second_factor_on, personal=True),
    "staffTotpConfirm": Scene(second_factor_begun, personal=True),
    "staffTotpDisable": Scene(second_factor_on, personal=True),
    "signOut": signed_in,
    "signOutEverywhere": signed_in,
    "identityProviderRemove": Scene(provided),
    "staffOpenIdFinish": Scene(at_the_provider, fragile=True),
    "roleUpdate": (unused := Scene(unused_role)),
    "roleDelete": unused,
    "roleAssign": Scene(assignable),
    "roleWithdraw": Scene(assigned),
    "appUpdate": (partner := Scene(app)),
    "appSecretRotate": partner,
    "appActivate": Scene(app_shut_out),
    "appDeactivate": partner,
}
