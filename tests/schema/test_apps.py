"""Partners' apps: letting them in, changing them, shutting them out; and what they may do then."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from core import access
from core.actors import system
from hexmart.testing import Client, World
from schema import relay
from tenants import Platform
from tests.security.oauth.partner import CALLBACK, FIELDS, SCOPES, WHO, Partner, let_in

pytestmark = pytest.mark.anyio

Payload = dict[str, Any]
Holder = Callable[..., Awaitable[Client]]
WANTED = {"name": "Till", "scopes": SCOPES, "redirectUris": [CALLBACK], "confidential": True}
ORDERS = "{ orders(first: 1) { nodes { id } } }"
LOG = (
    "SELECT action, before::text, after::text FROM audit_entry WHERE tenant_id = $1 AND action LIKE 'app.%' ORDER BY id"
)


@pytest.fixture
async def owner(client: Client, world: World) -> Client:
    return await client.staff(world.email("owner"))


@pytest.fixture
async def partner(client: Client, world: World) -> Partner:
    return await let_in(client, world)


@pytest.fixture
def holder(client: Client, world: World, owner: Client, platform: Platform) -> Holder:
    """Somebody whose only role has these permissions, everywhere or in one store."""

    async def make(*permissions: str, store: str | None = None) -> Client:
        role = {"name": "helper", "label": "Helper", "permissions": list(permissions)}
        assert (await owner.do("roleCreate", role))["userErrors"] == []
        clerk = await client.staff(world.email("courier"))
        key = relay.key_of("StaffUser", (await clerk.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"])
        assert key is not None
        async with platform.open_work(world.tenant, system("test")) as work:
            await access.assign(work, key, "helper", store_id=world.store_keys[store] if store else None)
        return await client.staff(world.email("courier"))

    return make


def codes(payload: Payload) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["userErrors"]]


async def test_an_app_is_let_in_with_a_secret_that_is_shown_once(owner: Client) -> None:
    payload = await owner.do("appCreate", WANTED, FIELDS)
    app = payload["app"]
    assert len(payload["secret"]) == 43
    assert app["active"]
    assert {name: app[name] for name in ("name", "scopes", "redirectUris", "confidential")} == WANTED
    listed = (await owner.run("{ apps { id clientId name } }"))["apps"]
    assert listed == [{"id": app["id"], "clientId": app["clientId"], "name": "Till"}]
    updated = await owner.do("appUpdate", {"id": app["id"], "name": "Till 2"}, FIELDS)
    assert updated["secret"] is None
    assert updated["app"] == app | {"name": "Till 2"}


async def test_an_app_that_cannot_keep_a_secret_gets_none(owner: Client) -> None:
    payload = await owner.do("appCreate", WANTED | {"confidential": False}, FIELDS)
    assert (payload["secret"], payload["app"]["confidential"]) == (None, False)
    rotated = await owner.do("appSecretRotate", {"id": payload["app"]["id"]}, FIELDS)
    assert codes(rotated) == [("INVALID", ["input", "id"])]


async def test_an_app_without_secret_and_redirect_uri_could_do_nothing(owner: Client) -> None:
    nowhere = WANTED | {"confidential": False, "redirectUris": []}
    assert codes(await owner.do("appCreate", nowhere)) == [("INVALID", ["input", "redirectUris"])]
    app = (await owner.do("appCreate", WANTED | {"confidential": False}, FIELDS))["app"]
    emptied = await owner.do("appUpdate", {"id": app["id"], "redirectUris": []})
    assert codes(emptied) == [("INVALID", ["input", "redirectUris"])]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"redirectUris": [CALLBACK] * 11}, "redirectUris"),
        *(
            ({"redirectUris": [uri]}, "redirectUris")
            for uri in (
                "",
                "http://partner.example/back",
                "https://partner.example/back#part",
                "https://somebody@partner.example/",
                "https://somebody:word@partner.example/",
                "https://",
                "https:///back",
                "https://*.partner.example/",
                "https://partner.example\\@evil.example/",
                "https://partner.example/a b",
                "https://partner.example/\n",
                "https://PARTNER.example/",
                "https://пример.example/",
                "HTTPS://partner.example/",
                "//partner.example/",
                "partner.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "com.partner.app:/back",
                "http://127.0.0.2/",
                "http://localhost.evil.example/",
                "http://0.0.0.0/",
                "http://[::1]/",
                "https://partner.example/" + "x" * 500,
            )
        ),
    ],
)
async def test_what_an_app_cannot_be_is_refused(owner: Client, changes: Payload, path: str) -> None:
    assert codes(await owner.do("appCreate", WANTED | changes)) == [("INVALID", ["input", path])]
    assert (await owner.run("{ apps { id } }"))["apps"] == []


@pytest.mark.parametrize("scope", ["orders.fly", "*", "", "tenants.create", "member", "openid"])
async def test_a_scope_is_a_permission_that_the_brand_can_give(owner: Client, scope: str) -> None:
    payload = await owner.do("appCreate", WANTED | {"scopes": [scope]})
    assert codes(payload) == [("NOT_FOUND", ["input", "scopes"])]


async def test_nobody_gives_an_app_what_they_do_not_hold_in_every_store(owner: Client, holder: Holder) -> None:
    helper = await holder("apps.manage", "orders.read")
    payload = await helper.do("appCreate", WANTED | {"scopes": ["orders.read"]}, FIELDS)
    assert payload["userErrors"] == []
    beyond = [("BEYOND_OWN_RIGHTS", ["input", "scopes"])]
    assert codes(await helper.do("appCreate", WANTED | {"scopes": ["orders.read", "staff.manage"]})) == beyond
    app = payload["app"]["id"]
    assert codes(await helper.do("appUpdate", {"id": app, "scopes": ["audit.read"]})) == beyond
    of_owner = (await owner.do("appCreate", WANTED | {"scopes": ["staff.manage"]}, FIELDS))["app"]["id"]
    # who got its secret, or its answers, could do what it may
    assert codes(await helper.do("appSecretRotate", {"id": of_owner})) == [("BEYOND_OWN_RIGHTS", ["input", "id"])]
    stolen = {"id": of_owner, "redirectUris": ["https://evil.example/"]}
    assert codes(await helper.do("appUpdate", stolen)) == beyond
    assert (await helper.do("appDeactivate", {"id": of_owner}))["userErrors"] == []
    assert codes(await helper.do("appActivate", {"id": of_owner})) == [("BEYOND_OWN_RIGHTS", ["input", "id"])]


async def test_apps_are_managed_by_who_may_in_every_store(holder: Holder, partner: Partner) -> None:
    helper = await holder("apps.manage", "orders.read", store="S1")
    beyond = [("BEYOND_OWN_RIGHTS", ["input", "scopes"])]
    assert codes(await helper.do("appCreate", WANTED | {"scopes": []})) == beyond
    for deed in ("appDeactivate", "appSecretRotate", "appActivate"):
        assert codes(await helper.do(deed, {"id": partner.id})) == [("BEYOND_OWN_RIGHTS", ["input", "id"])], deed


async def test_who_does_not_hold_what_an_app_may_changes_nothing_of_it(holder: Holder, partner: Partner) -> None:
    """With fewer scopes for a while, it would be answered at another's address, and keep that when it has them back."""
    helper = await holder("apps.manage")
    thief = {"scopes": ["orders.read"], "redirectUris": ["https://thief.example/back"]}
    changes: list[Payload] = [{"scopes": []}, thief]
    for change in changes:
        assert codes(await helper.do("appUpdate", {"id": partner.id} | change)) == [
            ("BEYOND_OWN_RIGHTS", ["input", "scopes"])
        ]
    assert codes(await helper.do("appDeactivate", {"id": partner.id})) == [], "it can be shut out by whoever manages"


async def test_others_manage_no_apps(client: Client, world: World, partner: Partner) -> None:
    manager = await client.staff(world.email("manager"))
    assert await manager.code("{ apps { id } }") == "FORBIDDEN"
    assert await client.code("{ apps { id } }") == "UNAUTHENTICATED"
    asked = f'mutation {{ appDeactivate(input: {{ id: "{partner.id}" }}) {{ app {{ id }} }} }}'
    assert await manager.code(asked) == "FORBIDDEN"
    assert (await manager.run(f'{{ node(id: "{partner.id}") {{ id }} }}'))["node"] is None


@pytest.mark.parametrize("deed", ["appUpdate", "appSecretRotate", "appActivate", "appDeactivate"])
async def test_an_app_of_another_brand_is_as_unknown_as_none(
    owner: Client, client: Client, other_world: World, deed: str
) -> None:
    foreign = (await let_in(client, other_world)).id
    for unknown in (foreign, "UGFydG5lckFwcDoxMjM0NTY3ODkwMTIzNDU2", owner.slug):
        assert codes(await owner.do(deed, {"id": unknown})) == [("NOT_FOUND", ["input", "id"])]
    assert (await owner.run(f'{{ node(id: "{foreign}") {{ id }} }}'))["node"] is None


async def test_what_is_done_with_apps_is_in_the_audit_log(owner: Client, world: World, platform: Platform) -> None:
    app = (await owner.do("appCreate", WANTED, FIELDS))["app"]["id"]
    await owner.do("appUpdate", {"id": app, "scopes": ["stock.read"]})
    for deed in ("appSecretRotate", "appDeactivate", "appDeactivate", "appActivate"):
        await owner.do(deed, {"id": app})
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        entries = await work.fetch(LOG)
    assert [one["action"] for one in entries] == [
        "app.created",
        "app.updated",
        "app.secret_rotated",
        "app.deactivated",
        "app.activated",
    ]
    before, after = (orjson.loads(entries[1][name]) for name in ("before", "after"))
    assert (before["scopes"], after["scopes"]) == (SCOPES, ["stock.read"])


async def test_an_app_by_itself_reaches_every_store_and_no_further_than_its_scopes(partner: Partner) -> None:
    token = (await partner.own_token(scope="orders.read")).json()["access_token"]
    app = partner.calling(token)
    expected = {"__typename": "PartnerApp", "clientId": partner.client_id, "scopes": SCOPES}
    assert (await app.run(WHO))["viewer"] == expected
    assert (await app.run(ORDERS))["orders"]["nodes"] == []
    assert (await app.run(f'{{ node(id: "{partner.id}") {{ id }} }}'))["node"] == {"id": partner.id}
    for denied in ("{ warehouses { id } }", "{ apps { id } }"):
        assert await app.code(denied) == "FORBIDDEN"


async def test_what_is_taken_from_an_app_is_gone_at_its_next_call(owner: Client, partner: Partner) -> None:
    app = partner.calling((await partner.own_token()).json()["access_token"])
    await app.run(ORDERS)
    await owner.do("appUpdate", {"id": partner.id, "scopes": ["stock.read"]})
    assert await app.code(ORDERS) == "FORBIDDEN"
    await app.run("{ warehouses { id } }")


async def test_an_app_acts_for_somebody_where_they_may(partner: Partner, world: World, client: Client) -> None:
    tokens = await partner.tokens("clerk.s1")
    assert tokens["scope"] == "orders.read stock.read"
    app = partner.calling(tokens["access_token"])
    assert (await app.run(ORDERS))["orders"]["nodes"] == []
    clerk = await client.staff(world.email("clerk.s1"))
    stocked = f'{{ stock(storeId: "{world.stores["S2"]}", variantIds: ["{world.variants["APPLE"]}"]) {{ onHand }} }}'
    for caller in (clerk, app):
        seen = await caller.send(stocked)
        assert seen == await clerk.send(stocked)


async def test_an_app_may_no_more_than_whom_it_acts_for(partner: Partner, world: World, platform: Platform) -> None:
    tokens = await partner.tokens("courier", scope="orders.read stock.read")
    assert tokens["scope"] == "orders.read"  # a courier sees no stock
    app = partner.calling(tokens["access_token"])
    assert await app.code("{ warehouses { id } }") == "FORBIDDEN"
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("DELETE FROM role_assignment WHERE tenant_id = $1")
    assert await app.code(ORDERS) == "FORBIDDEN"


async def test_an_app_that_is_shut_out_is_out_at_once_and_for_good(owner: Client, partner: Partner) -> None:
    own, tokens = (await partner.own_token()).json(), await partner.tokens()
    callers = [partner.calling(one["access_token"]) for one in (own, tokens)]
    for caller in callers:
        assert (await caller.run(WHO))["viewer"]["clientId"] == partner.client_id
    await owner.do("appDeactivate", {"id": partner.id})
    assert [await caller.code(WHO) for caller in callers] == ["UNAUTHENTICATED"] * 2
    assert (await partner.own_token()).json()["error"] == "invalid_client"
    await owner.do("appActivate", {"id": partner.id})
    assert [await caller.code(WHO) for caller in callers] == ["UNAUTHENTICATED"] * 2
    assert (await partner.renew(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await partner.own_token()).status_code == 200


async def test_a_secret_that_was_replaced_is_void_at_once(owner: Client, partner: Partner) -> None:
    token = (await partner.own_token()).json()["access_token"]
    secret = (await owner.do("appSecretRotate", {"id": partner.id}, FIELDS))["secret"]
    assert (await partner.own_token()).json()["error"] == "invalid_client"
    assert (await replace(partner, secret=secret).own_token()).status_code == 200
    assert (await partner.calling(token).run(WHO))["viewer"] is not None


async def test_an_app_signs_itself_out(partner: Partner) -> None:
    app = partner.calling((await partner.own_token()).json()["access_token"])
    other = partner.calling((await partner.own_token()).json()["access_token"])
    await app.run("mutation { signOut { userErrors { code } } }")
    assert await app.code(WHO) == "UNAUTHENTICATED"
    assert (await other.run(WHO))["viewer"] is not None


async def test_an_app_sees_and_ends_no_session_of_other_people_whom_it_acts_for(partner: Partner) -> None:
    first, second = [await partner.tokens(who) for who in ("manager", "clerk")]
    app, other = partner.calling(first["access_token"]), partner.calling(second["access_token"])
    assert (await app.run("{ sessions { kind current } }"))["sessions"] == [{"kind": "app", "current": True}]
    assert (await app.run("mutation { signOutEverywhere { ended } }"))["signOutEverywhere"] == {"ended": 1}
    assert await app.code(WHO) == "UNAUTHENTICATED"
    assert (await other.run(WHO))["viewer"] is not None


async def test_a_person_sees_and_ends_the_sessions_of_apps_that_act_for_them(
    partner: Partner, client: Client, world: World
) -> None:
    app = partner.calling((await partner.tokens("clerk"))["access_token"])
    clerk = await client.staff(world.email("clerk"))
    assert [one["kind"] for one in (await clerk.run("{ sessions { kind } }"))["sessions"]] == ["staff", "app"]
    assert (await clerk.run("mutation { signOutEverywhere { ended } }"))["signOutEverywhere"] == {"ended": 2}
    assert await app.code(WHO) == "UNAUTHENTICATED"
