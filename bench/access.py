"""What it costs to know who calls and what they may do: `python -m bench.access` takes half a minute."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import asyncpg
import orjson
import uvloop

from bench.client import do
from bench.data import GROCER
from bench.inside import Inside
from bench.machine import Meter, driver_url
from bench.measuring import Contestant, Operation, measure
from bench.report import Report
from bench.stage import Stage
from core import access, identity, orders
from core.access import EVERYWHERE, Policy, Scope
from core.access.policy import expand, target_of
from core.actors import Actor, ActorKind, Origin, system
from core.identity import Claims, signing_in
from core.ids import new_id
from hexmart.app import Application, background, create_app
from hexmart.databases import Databases, available, migrate
from hexmart.settings import Settings
from hexmart.testing.brands import build_world
from schema.context import Info
from schema.guards import guard
from schema.orders import list_orders
from tenants import Platform, Tenant

ALLOWED_US = 2.0  #: for the check of a permission, guard and store together
ROLES, PERMISSIONS = 500, 20  #: of the large policy: ten thousand lines
SECONDS = 3.0
STAFF = "mutation($input: StaffSignInInput!) { staffSignIn(input: $input) { accessToken userErrors { code } } }"
CODE = "mutation($input: MemberOtpRequestInput!) { memberOtpRequest(input: $input) { userErrors { code } } }"
MEMBER = "mutation($input: MemberSignInInput!) { memberSignIn(input: $input) { accessToken userErrors { code } } }"


async def run(stage: Stage) -> Report:
    """The same, among other benchmarks."""
    async with background(stage.inside.platform, None, stage.settings):
        return await _costs(stage.inside, GROCER, stage.own_meter(), min(stage.seconds, SECONDS))


async def _costs(application: Application, slug: str, meter: Meter, seconds: float) -> Report:
    tenant = await application.platform.registry.by_slug(slug)
    report = Report("access")
    _checks(report)
    _expansion(report)
    await _standings(report, application.platform, tenant)
    callers = {
        "staff signing in (argon2)": _staff(application, slug),
        "members signing in": _members(application, slug),
    }
    for what, sign_in in callers.items():
        for clients in (1, 8):
            report.add(what, await measure(Contestant([sign_in] * clients, meter), seconds))
    return report


def _checks(report: Report) -> None:
    """What every request with a permission pays: the guard before the field, and the store behind it."""
    stores = [new_id() for _ in range(30)]
    grants = {f"orders.verb_{number}": frozenset(stores) for number in range(20)}
    viewer = Actor(ActorKind.STAFF, new_id(), grants=grants | {orders.READ.name: frozenset(stores)})
    brand = Tenant(1, "bench", "Bench", "EUR", "UTC", "en", "ACTIVE")
    info = Info(cast("Platform", None), brand, viewer, "en", "bench")
    root, permission, store = list_orders, orders.READ.name, stores[7]

    def check() -> None:
        guard(root, info)
        viewer.may(permission, store)

    both = _microseconds(check)
    report.facts["guard_us"] = _microseconds(lambda: guard(root, info))
    report.facts["may_in_a_store_us"] = _microseconds(lambda: viewer.may(permission, store))
    report.facts["guard_and_may_us"] = both
    report.facts["allowed_us"] = ALLOWED_US
    report.facts["slower_than_allowed"] = both >= ALLOWED_US
    large = _large_policy()
    enforcer, target = large.enforcer(), target_of("subject.verb_0")
    casbin = _microseconds(lambda: enforcer.enforce("", large.tenant, str(store), *target), times=5, turns=3)
    report.facts["casbin_ms_for_10000_lines"] = round(casbin / 1e3, 2)
    report.ratios["casbin_over_guard_and_may"] = round(casbin / both)


def _large_policy() -> Policy:
    """Ten thousand lines, as a brand would have with very many roles; the one that decides stands in their middle."""
    names = [f"role_{number:03}" for number in range(ROLES)]
    lines = frozenset((name, f"subject.verb_{number}") for name in names for number in range(PERMISSIONS))
    return Policy("1", lines, frozenset({("", names[ROLES // 2], EVERYWHERE.name)}), frozenset(), frozenset())


def _expansion(report: Report) -> None:
    """A regional manager of thirty stores who stands in as a clerk in five others."""
    region = new_id()
    regions = frozenset((Scope(region_id=region).name, new_id()) for _ in range(30))
    seeds = [access.ROLES["regional_manager"], access.ROLES["clerk"]]
    own = {("", "regional_manager", Scope(region_id=region).name)}
    policy = Policy(
        tenant="1",
        permissions=frozenset((seed.name, permission) for seed in seeds for permission in seed.permissions),
        assignments=frozenset(own | {("", "clerk", Scope(store_id=new_id()).name) for _ in range(5)}),
        regions=regions,
        vocabulary=frozenset(permission for seed in seeds for permission in seed.permissions),
    )
    report.facts["expand_ms"] = round(_microseconds(lambda: expand.__wrapped__(policy), times=3, turns=3) / 1e3, 2)
    report.facts["expand_again_us"] = _microseconds(lambda: expand(policy))


async def _standings(report: Report, platform: Platform, tenant: Tenant) -> None:
    """Who calls: the token read, and the standing remembered or read from the database."""
    async with platform.open_work(tenant, system("bench")) as work:
        person = await identity.by_email(work, f"manager@{tenant.slug}.example")
        assert person is not None, "every brand has a manager"
        session = await identity.issue(work, signing_in(Actor(ActorKind.STAFF, person.id)))
    keys = platform.token_keys(tenant)
    identity.verify(session.access_token, keys, tenant.slug)
    verified = _microseconds(lambda: identity.verify(session.access_token, keys, tenant.slug), times=200, turns=5)
    report.facts["token_verified_us"] = verified
    report.facts["tokens_verified_per_second"] = round(1e6 / verified)
    async with asyncio.timeout(10):
        while not platform.changes.hearing():  # noqa: ASYNC110 - the listener tells nobody else
            await asyncio.sleep(0.01)
    remembered = await _asked(platform, tenant, session.claims, forget=False)
    read = await _asked(platform, tenant, session.claims, forget=True)
    report.facts["standing_remembered_us"], report.facts["standing_read_us"] = remembered, read
    report.ratios["standing_read_over_remembered"] = round(read / remembered)


async def _asked(platform: Platform, tenant: Tenant, claims: Claims, *, forget: bool) -> float:
    """Microseconds until it is known who calls and what they may do."""
    times = 200
    for _ in range(2):  # the first turn is not counted
        began = perf_counter()
        for _ in range(times):
            if forget:
                platform.standings.clear()
            await platform.standings.actor(tenant, claims, Origin())
        took = perf_counter() - began
    return round(took / times * 1e6, 2)


def _staff(application: Application, slug: str) -> Operation:
    caller = Inside(application, slug)
    credentials = {"email": f"manager@{slug}.example", "password": "hexmart-demo"}
    return lambda _: do(caller, STAFF, **credentials)


def _members(application: Application, slug: str) -> Operation:
    """A code asked for and told, by another phone each time."""
    caller = Inside(application, slug)

    async def sign_in(number: int) -> None:
        phone = f"138{number % 100_000_000:08}"
        await do(caller, CODE, phone=phone)
        await do(caller, MEMBER, phone=phone, code="000000")

    return sign_in


def _microseconds(work: Callable[[], Any], *, times: int = 20_000, turns: int = 5) -> float:
    """What it takes once, in the best of some turns: whatever else the machine does only makes it longer."""
    best = float("inf")
    for _ in range(turns):
        began = perf_counter()
        for _ in range(times):
            work()
        best = min(best, perf_counter() - began)
    return round(best / times * 1e6, 3)


async def _alone(databases: Databases, settings: Settings) -> Report:
    """On a small brand in a database that is thrown away."""
    await migrate(databases.owner)
    application = create_app(databases, settings, with_worker=False)
    watcher = await asyncpg.connect(driver_url(databases.app), server_settings={"application_name": "bench"})
    world = await build_world(application.platform)
    async with background(application.platform, None, settings):
        report = await _costs(application, world.tenant.slug, Meter(watcher, os.getpid(), "hexmart"), SECONDS)
    await watcher.close()
    await application.platform.close()
    return report


def main() -> None:
    """The benchmark by itself; its last line is JSON."""
    home = Path(tempfile.mkdtemp(prefix="hexmart-bench-"))
    settings = Settings(home=home, demo=True)
    try:
        with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            found = runner.run(_alone(databases, settings))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    found.show()
    print(orjson.dumps({"access": found.figures()}).decode())


if __name__ == "__main__":
    main()
