"""The operator's own tenant: it makes and suspends brands, and does nothing else."""

import secrets
from typing import Any

import pytest
from graphql import build_schema

from hexmart.app import Application
from hexmart.assembly import DEMO_PLUGINS
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.testing import Client, World
from tenants import PLATFORM_SLUG, Platform, add_operator
from tests.security.matrix.fields import document

pytestmark = pytest.mark.anyio

SERVED = {
    *("viewer", "staffSignIn", "tokenRefresh", "tenantCreate", "tenantSuspend", "tenantPlanSet", "auditLog"),
    *("sessions", "signOut", "signOutEverywhere"),
    *("staffPasswordChange", "staffPasswordResetRequest", "staffPasswordReset"),
    *("staffTotpEnrol", "staffTotpConfirm", "staffTotpDisable"),
    *("identityProviders", "staffOpenIdStart", "staffOpenIdFinish"),
}
ENDING = {"signOut", "signOutEverywhere"}  #: what comes after them is asked by a guest
FIELDS = "tenant { slug name currency timeZone locale status plugins }"


@pytest.fixture
async def guest(application: Application, platform: Platform) -> Client:
    """Somebody who calls the operator's tenant."""
    await ensure_operator(platform)
    return Client(application, PLATFORM_SLUG)


@pytest.fixture
async def operator(guest: Client) -> Client:
    """The operator."""
    return await guest.staff(OPERATOR)


def _brand(**changes: str) -> dict[str, str]:
    slug = f"new-{secrets.token_hex(6)}"
    return {"slug": slug, "name": "New brand", "ownerEmail": f"owner@{slug}.example"} | changes


async def test_the_operators_tenant_serves_its_own_business_and_nothing_else(guest: Client, operator: Client) -> None:
    schema = build_schema(operator.application.schema.as_str())
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    assert schema.subscription_type is not None
    mutations = schema.mutation_type.fields
    roots = {
        "query": schema.query_type.fields,
        "subscription": schema.subscription_type.fields,
        "mutation": dict(sorted(mutations.items(), key=lambda one: one[0] in ENDING)),
    }
    served: set[str] = set()
    forbidden: set[str] = set()
    for kind, fields in roots.items():
        for name, field in fields.items():
            caller = await guest.staff(OPERATOR) if name in ENDING else operator
            ask = caller.first if kind == "subscription" else caller.send
            response = await ask(document(kind, name, field))
            codes = [error["extensions"]["code"] for error in response.get("errors", [])]
            assert set(codes) <= {"FORBIDDEN", "UNAUTHENTICATED"}, (name, response)
            (forbidden if "FORBIDDEN" in codes else served).add(name)
    assert served == SERVED
    assert len(forbidden) > 30


async def test_the_operator_makes_a_brand_whose_owner_can_sign_in(operator: Client) -> None:
    wish = _brand(currency="EUR", timeZone="Europe/Berlin", locale="de-DE")
    made = (await operator.do("tenantCreate", wish, FIELDS))["tenant"]
    assert made == {
        "slug": wish["slug"],
        "name": "New brand",
        "currency": "EUR",
        "timeZone": "Europe/Berlin",
        "locale": "de-DE",
        "status": "ACTIVE",
        "plugins": sorted(DEMO_PLUGINS),
    }
    brand = Client(operator.application, wish["slug"])
    assert (await brand.run("{ brand { slug } products { nodes { slug } } }"))["products"]["nodes"] == []
    owner = await brand.staff(wish["ownerEmail"])
    permissions = (await owner.run("{ viewer { ... on StaffUser { permissions } } }"))["viewer"]["permissions"]
    assert "payments.refund" in permissions
    assert not [name for name in permissions if name.startswith("tenants.")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("slug", slug) for slug in ("", "ab", "a" * 41, "Upper", "-a-b", "a--b", "with space", "1abc", "ü-brand")),
        *(("slug", slug) for slug in (PLATFORM_SLUG, "www", "api", "admin")),
        *(("name", name) for name in ("", "   ", "x" * 101)),
        *(("currency", currency) for currency in ("", "cny", "YUAN", "¥")),
        *(("timeZone", zone) for zone in ("", "Mars/Base", "../etc/passwd")),
        *(("locale", locale) for locale in ("", "chinese!", "ZH")),
        *(("ownerEmail", email) for email in ("", "nobody", "a@b", "a b@c.example")),
    ],
)
async def test_a_brand_that_could_not_be_served_is_refused_with_what_is_wrong(
    operator: Client, name: str, value: str
) -> None:
    wish = _brand() | {name: value}
    payload = await operator.do("tenantCreate", wish, FIELDS)
    assert payload["tenant"] is None
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [("INVALID", ["input", name])]


async def test_a_slug_is_taken_once(operator: Client, world: World) -> None:
    wish = _brand(slug=world.tenant.slug)
    payload = await operator.do("tenantCreate", wish, FIELDS)
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [("INVALID", ["input", "slug"])]


async def test_the_operator_suspends_a_brand(operator: Client, client: Client, world: World) -> None:
    assert (await client.run("{ brand { status } }"))["brand"]["status"] == "ACTIVE"
    wish = {"slug": world.tenant.slug, "reason": "unpaid bills"}
    assert (await operator.do("tenantSuspend", wish, FIELDS))["tenant"]["status"] == "SUSPENDED"
    assert await client.code("{ brand { status } }") == "TENANT_SUSPENDED"


@pytest.mark.parametrize(
    ("wish", "code", "path"),
    [
        ({"slug": "nobody-here", "reason": "x"}, "NOT_FOUND", "slug"),
        ({"slug": PLATFORM_SLUG, "reason": "x"}, "INVALID", "slug"),
        ({"slug": "nobody-here", "reason": " "}, "INVALID", "reason"),
    ],
)
async def test_what_cannot_be_suspended_is_refused(
    operator: Client, wish: dict[str, Any], code: str, path: str
) -> None:
    payload = await operator.do("tenantSuspend", wish, FIELDS)
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [(code, ["input", path])]


async def test_nobody_but_the_operator_makes_or_suspends_brands(
    guest: Client, operator: Client, client: Client, world: World
) -> None:
    create = "mutation($input: TenantCreateInput!) { tenantCreate(input: $input) { tenant { slug } } }"
    suspend = "mutation($input: TenantSuspendInput!) { tenantSuspend(input: $input) { tenant { slug } } }"
    owner = await client.staff(world.email("owner"))
    callers = {
        guest: "UNAUTHENTICATED",
        client: "FORBIDDEN",
        owner: "FORBIDDEN",
        Client(client.application, PLATFORM_SLUG, owner.token): "UNAUTHENTICATED",
        Client(client.application, world.tenant.slug, operator.token): "UNAUTHENTICATED",
    }
    for caller, code in callers.items():
        assert await caller.code(create, input=_brand()) == code
        assert await caller.code(suspend, input={"slug": world.tenant.slug, "reason": "x"}) == code
    assert (await client.run("{ brand { status } }"))["brand"]["status"] == "ACTIVE"


async def test_an_operator_is_added_once_and_keeps_the_first_password(platform: Platform, guest: Client) -> None:
    email = f"{secrets.token_hex(4)}@hexmart.example"
    assert await add_operator(platform, email, "a first password")
    assert not await add_operator(platform, email, "another one")
    assert (await guest.staff(email, "a first password")).token
    refused = await guest.do("staffSignIn", {"email": email, "password": "another one"}, "accessToken")
    assert [error["code"] for error in refused["userErrors"]] == ["CREDENTIALS_WRONG"]
