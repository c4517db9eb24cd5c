"""Every change that staff, apps or the operator make is in the log: the mutations are those of the schema."""

import secrets
from typing import Any

import pytest

from core import clock
from core.actors import system
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.testing import Client, Enable, World
from schema.compose import ComposedSchema
from schema.fields import Root
from tenants import PLATFORM_SLUG, Platform
from tests.architecture.surface import declared, served
from tests.brought import brought
from tests.refusing import refuse
from tests.schema import (
    audited_consents,
    audited_deliveries,
    audited_notices,
    audited_points,
    audited_returns,
    audited_stock,
)
from tests.schema.auditing import APP, Case, Input, Stage, plain
from tests.schema.hiring import staff_id, store
from tests.schema.letters import add_dead, letter_id
from tests.schema.shop import done

pytestmark = pytest.mark.anyio
OPEN = {None, "member", "staff", "signed-in"}  #: what is asked of a caller without a permission
ENTRIES = """
SELECT actor_kind, actor_id, action, subject_type, request_id FROM audit_entry WHERE tenant_id = $1 ORDER BY id
"""
ROLE = {"name": "packer", "label": "Packer", "permissions": ["orders.read"]}
PROVIDER = {"name": "Head office", "issuer": "https://login.example.com", "clientId": "hexmart", "clientSecret": "x"}


def step(*before: str, delivered: bool = False) -> Case:
    async def make(stage: Stage) -> Input:
        return {"orderId": (await stage.of_order(*before, delivered=delivered))["id"]}

    return Case(make, {"orderId": "x"})


def on_app(**given: Any) -> Case:
    async def make(stage: Stage) -> Input:
        return {"id": await stage.app()} | given

    return Case(make, {"id": "x"})


def on_person(**given: Any) -> Case:
    async def make(stage: Stage) -> Input:
        return {"staffId": await stage.person(clerk=store(stage.world, "S1"))} | given

    return Case(make, {"staffId": "x"})


async def verified(stage: Stage) -> Input:
    code = (await stage.of_order())["pickupCode"]
    return {"code": code, "storeId": stage.world.stores["S1"]}


async def refunded(stage: Stage) -> Input:
    return {"orderId": (await stage.of_order())["id"], "reason": "broken", "idempotencyKey": "1"}


async def refused(stage: Stage) -> Input:
    wish = await refunded(stage)
    refund = done(await stage.actor.do("refundCreate", wish, "refund { id }"), "refund")
    return {"refundId": await refuse(stage.platform, stage.world, refund["id"])}


async def sold(stage: Stage) -> Input:
    line = {"barcode": "6900000000041", "quantity": 1, "unitPrice": "12.50"}
    sale = {"externalReference": "1", "soldAt": clock.now().isoformat(), "lines": [line], "paid": "12.50"}
    return {"storeId": stage.world.stores["S1"]} | sale


async def sold_together(stage: Stage) -> Input:
    sale = await sold(stage)
    return {"storeId": sale.pop("storeId"), "sales": [sale]}


async def odd(stage: Stage) -> Input:
    told = await sold_together(stage)
    dear = {"storeId": told["storeId"], "sales": [told["sales"][0] | {"paid": "99.00"}]}
    asked = "results { conflicts { id } }"
    [result] = (await stage.actor.do("posSalesRecord", dear, asked))["results"]
    return {"conflictId": result["conflicts"][0]["id"], "note": "The till was wrong."}


async def provided(stage: Stage) -> Input:
    done(await stage.actor.do("identityProviderSet", PROVIDER, "provider { name }"), "provider")
    return {"name": PROVIDER["name"]}


async def deactivated(stage: Stage) -> Input:
    person = {"staffId": await stage.person(clerk=store(stage.world, "S1"))}
    done(await stage.actor.do("staffDeactivate", person, "staff { id }"), "staff")
    return person


async def app_shut_out(stage: Stage) -> Input:
    app = {"id": await stage.app()}
    done(await stage.actor.do("appDeactivate", app, "app { id }"), "app")
    return app


async def defined(stage: Stage) -> Input:
    done(await stage.actor.do("roleCreate", ROLE, "role { name }"), "role")
    return {"name": ROLE["name"]}


async def relabelled(stage: Stage) -> Input:
    return await defined(stage) | {"label": "Packer of parcels"}


async def assigned(stage: Stage) -> Input:
    return {"staffId": await stage.person(), "role": "clerk", "storeIds": [stage.world.stores["S1"]]}


async def withdrawn(stage: Stage) -> Input:
    person = await stage.person(clerk=store(stage.world, "S1"))
    return {"staffId": person, "role": "clerk", "storeIds": [stage.world.stores["S1"]]}


async def ruled(stage: Stage) -> Input:
    done(await stage.actor.do("ruleSet", {"key": "pricing.delivery_fee", "value": 500}, "rule { key }"), "rule")
    return {"key": "pricing.delivery_fee", "version": 1}


async def founded(_: Stage) -> Input:
    slug = f"new-{secrets.token_hex(6)}"
    return {"slug": slug, "name": "New", "ownerEmail": f"owner@{slug}.example"}


async def suspended(stage: Stage) -> Input:
    return {"slug": stage.world.tenant.slug, "reason": "unpaid bills"}


async def planned(stage: Stage) -> Input:
    return {"slug": stage.world.tenant.slug, "plan": "enterprise"}


async def buried(stage: Stage) -> Input:
    return {"ids": [letter_id(await add_dead(stage.platform, stage.tenant))]}


CASES: dict[str, Case] = {
    "orderAccept": step(),
    "orderPrepare": step("orderAccept"),
    "orderReady": step("orderAccept"),
    "orderDispatch": step("orderAccept", "orderReady", delivered=True),
    "orderComplete": step("orderAccept", "orderReady", "orderDispatch", delivered=True),
    "orderReject": step(),
    "orderVerify": Case(verified, {"code": "00000000"}),
    "verify": Case(verified, {"code": "00000000"}),
    "refundCreate": Case(refunded, {"orderId": "x"}),
    "refundRetry": Case(refused, {"refundId": "x"}),
    "posSaleRecord": Case(sold, {"storeId": "x"}),
    "posSalesRecord": Case(sold_together, {"storeId": "x"}),
    "posConflictSettle": Case(odd, {"conflictId": "x"}),
    "appCreate": plain(APP, scopes=["no.such"]),
    "appUpdate": on_app(name="Stocktaker 2"),
    "appSecretRotate": on_app(),
    "appActivate": Case(app_shut_out, {"id": "x"}),
    "appDeactivate": on_app(),
    "identityProviderSet": plain(PROVIDER, issuer="nowhere"),
    "identityProviderRemove": Case(provided, {"name": "nobody"}),
    "brandOriginsSet": plain({"origins": ["https://shop.example"]}, origins=["nowhere"]),
    "deadLetterReplay": Case(buried, {"ids": ["x"]}),
    "pluginEnable": plain({"name": "sandbox"}, settings={"no": "such"}),
    "pluginDisable": plain({"name": "sandbox"}, name="nobody"),
    "staffInvite": plain({"email": "new@example.com", "name": "New"}, email="nowhere"),
    "staffUpdate": on_person(name="Another name"),
    "staffDeactivate": on_person(),
    "staffActivate": Case(deactivated, {"staffId": "x"}),
    "staffSignOut": on_person(),
    "staffTotpReset": on_person(),
    "roleCreate": plain(ROLE, permissions=["no.such"]),
    "roleUpdate": Case(relabelled, {"permissions": ["no.such"]}),
    "roleDelete": Case(defined, {"name": "owner"}),
    "roleAssign": Case(assigned, {"role": "nobody"}),
    "roleWithdraw": Case(withdrawn, {"everywhere": True}),
    "ruleSet": plain({"key": "pricing.delivery_fee", "value": 500}, value=-1),
    "ruleRollback": Case(ruled, {"version": 9}),
    "tenantCreate": Case(founded, {"slug": "No"}),
    "tenantSuspend": Case(suspended, {"slug": "nobody-here"}),
    "tenantPlanSet": Case(planned, {"plan": "nothing"}),
}
CASES |= audited_stock.CASES | audited_deliveries.CASES | audited_returns.CASES
CASES |= audited_notices.CASES | audited_consents.CASES
CASES |= audited_points.CASES
for _plugins in brought("audited"):
    CASES |= _plugins.CASES


def roots(schema: ComposedSchema) -> dict[str, Root]:
    """Every mutation, as it was declared."""
    return {name: declared(field).metadata["declared"] for name, field in schema.mutation_fields.items()}


def by_permission(schema: ComposedSchema) -> set[str]:
    """The mutations that somebody needs a permission for."""
    return {name for name, root in roots(schema).items() if root.access.requires not in OPEN}


@pytest.fixture
async def stage(client: Client, world: World, platform: Platform) -> Stage:
    return Stage(platform, world, client, await client.staff(world.email("owner")), world.tenant)


@pytest.fixture
async def operated(client: Client, world: World, platform: Platform) -> Stage:
    await ensure_operator(platform)
    operator = await Client(client.application, PLATFORM_SLUG).staff(OPERATOR)
    return Stage(platform, world, client, operator, await platform.registry.by_slug(PLATFORM_SLUG))


async def entries(stage: Stage) -> list[dict[str, Any]]:
    async with stage.platform.open_work(stage.tenant, system("test"), read_only=True) as work:
        return [dict(row) for row in await work.fetch(ENTRIES)]


def test_every_mutation_that_needs_a_permission_has_a_case() -> None:
    said = "say in CASES, or in audited.py among a plugin's tests, how it succeeds and how it is refused"
    assert by_permission(served()) == set(CASES), said
    print(f"mutations by permission: {len(CASES)}, each with a case")  # noqa: T201 - the figure is wanted


@pytest.mark.parametrize("mutation", CASES)
async def test_what_succeeds_is_in_the_log_and_what_is_refused_is_not(
    stage: Stage, operated: Stage, enable: Enable, mutation: str
) -> None:
    plugin = roots(served())[mutation].plugin
    if plugin is not None:
        await enable(plugin)
    on = operated if mutation.startswith("tenant") else stage
    case = CASES[mutation]
    given = await case.make(on)
    before = await entries(on)
    refused = await on.actor.do(mutation, given | case.refused)
    assert refused["userErrors"], "the case says that this is refused"
    assert await entries(on) == before
    payload = await on.actor.do(mutation, given)
    assert payload["userErrors"] == []
    new = (await entries(on))[len(before) :]
    me = (await on.actor.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    assert new, "nobody will know of this"
    for entry in new:
        assert (entry["actor_kind"], staff_id(entry["actor_id"])) == ("staff", me)
        assert entry["action"].count(".") == 1
        assert entry["subject_type"][:1].isupper()
        assert entry["request_id"]
