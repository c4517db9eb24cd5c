"""Two brands and a twin of the first, made for the attack."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from hexmart.testing.openid import Provider
from tests.plugged_in import plug_in
from tests.schema.openid_visits import configure
from tests.security.attack import books, tables
from tests.security.attack.answers import Canaries
from tests.security.attack.cases import Case
from tests.security.attack.furnishing import furnish
from tests.security.attack.made_up import furnish_with_plugin
from tests.security.attack.scenes import BROWSING
from tests.security.attack.sides import Side, new_mark
from tests.security.attack.siege import Siege, prepare, readings
from tests.security.attack.staff_scenes import employ, make_app, signed_in_app
from tests.security.oauth.partner import Partner
from tests.tenants.rows import Connection

OpenProvider: TypeAlias = Callable[[], Awaitable[Provider]]
Readings: TypeAlias = Mapping[tuple[str, str], Any]
STORE = "S1"
STAFF = {"owner": "owner", "clerk": "clerk.s1"}  #: callers, and the addresses that tests know them by
WHO = "{ viewer { ... on Member { id } ... on StaffUser { id } ... on PartnerApp { id } } }"
ORDERS_OF = "{ viewer { ... on Member { orders(first: 1) { pageInfo { endCursor } } } } }"


async def make_side(application: Application, provider: Provider, *, turns: int = 0) -> Side:
    """A new brand, furnished, with somebody of each kind who calls it."""
    world, mark = await build_world(application.platform), new_mark()
    await plug_in(application.platform, world)
    await furnish_with_plugin(application.platform, world)
    furnished = await furnish(application.platform, world, mark)
    guest = Client(application, world.tenant.slug)
    member = await guest.member(furnished.phones[0])
    callers = {"guest": guest, "member": member}
    callers |= {name: await guest.staff(world.email(address)) for name, address in STAFF.items()}
    side = Side(world, mark, STORE, callers, provider, turns, dict(furnished.things))
    side.standing |= _places(side) | {"member.phone": furnished.phones[0], "phone.with_code": furnished.phones[1]}
    for kind in ("provider", "provider.other"):
        side.standing[kind] = f"{kind} {mark}"
        await configure(callers["owner"], provider, name=side.standing[kind])
    partner = await _let_in(side)
    side.standing["colleague"] = await employ(side, partner)
    await _introduce(side)
    for make in (tables.furnish, tables.equip):
        side.standing |= await make(side)
    await _shop(side, furnished.phones[1])
    return side


def _places(side: Side) -> dict[str, Any]:
    code = f"{side.store}-{side.mark}"
    origin = f"https://{side.mark}.example"
    return {"store": side.store_id, "location": side.store_id, "store.code": code, "origin": origin}


async def _let_in(side: Side) -> Partner:
    """A partner's app that may do whatever a brand can allow."""
    known = (await side.callers["owner"].run("{ permissions { name } }"))["permissions"]
    scopes = [one["name"] for one in known]
    app = await make_app(side, scopes)
    side.standing["app"], side.callers["app"] = app.id, await signed_in_app(app, scopes)
    return app


async def _introduce(side: Side) -> None:
    """Who the callers are."""
    ids = {name: await id_of(caller) for name, caller in side.callers.items() if name != "guest"}
    side.standing |= {"member": ids["member"], "owner": ids["owner"]}
    for name in side.callers:
        known_as = name if name in STAFF else "owner"
        side.own[name] = {"staff": ids[known_as], "staff.email": side.world.email(STAFF[known_as])}


async def id_of(caller: Client) -> str:
    """Who somebody is."""
    return str((await caller.run(WHO))["viewer"]["id"])


async def _shop(side: Side, phone: str) -> None:
    """Have members buy something, so that lists have more than one item."""
    other = await side.callers["guest"].member(phone)
    await BROWSING.play(replace(side, callers=side.callers | {"member": other}), "member")
    await BROWSING.play(side, "member")
    page = (await side.callers["member"].run(ORDERS_OF))["viewer"]["orders"]["pageInfo"]
    side.standing["member.orders.cursor"] = page["endCursor"]


@dataclass(frozen=True)
class Theatre:
    """Where it is fought out."""

    siege: Siege
    twin: World  #: a brand whose rows have the ids and keys of ours
    alone: Readings  #: what we are answered while nobody else is there
    beside: Readings  #: the same while they and the twin are


async def set_up(
    application: Application,
    owner: Connection,
    cases: Sequence[Case],
    read: Sequence[Case],
    open_provider: OpenProvider,
) -> Theatre:
    """Two brands with all that they have, and a twin of the first."""
    ours = await make_side(application, await open_provider())
    alone = await readings(ours, read)
    theirs = await make_side(application, await open_provider(), turns=2)
    twin, mark = await build_world(application.platform), new_mark()
    await books.clone(owner, ours.world.tenant.id, twin.tenant.id, mark)
    await prepare(theirs, cases)
    tenants = {"theirs": theirs.world.tenant.id, "the twin": twin.tenant.id}
    phones = {theirs.standing["member.phone"], theirs.standing["phone.with_code"]}
    own = await books.words(owner, ours.world.tenant.id)
    others = set().union(*[await books.words(owner, tenant) for tenant in tenants.values()]) | phones
    siege = Siege(ours, theirs, Canaries(frozenset(others - own), (theirs.mark, mark)), books.Watch(owner, tenants))
    return Theatre(siege, twin, alone, await readings(ours, read))
