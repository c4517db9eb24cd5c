"""Sieges within one brand: of what belongs to another store, and of what belongs to another member."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core import members
from core.actors import system
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from hexmart.testing.openid import Provider
from schema.relay import global_id, parse
from tests.plugged_in import ROLE, plug_in
from tests.schema.openid_visits import configure
from tests.schema.staffing import Staffing
from tests.security.attack import books, tables
from tests.security.attack.answers import Canaries
from tests.security.attack.brands import ORDERS_OF, id_of
from tests.security.attack.cases import Case
from tests.security.attack.furnishing import furnish, new_phone
from tests.security.attack.made_up import furnish_with_plugin
from tests.security.attack.scenes import BROWSING
from tests.security.attack.sides import SHOPPERS, Side, new_mark
from tests.security.attack.siege import Siege, prepare
from tests.security.attack.staff_scenes import assign, make_role
from tests.security.oauth.partner import let_in
from tests.tenants.rows import Connection

OURS, THEIRS = "S1", "S3"
OF_A_STORE = ("clerk", "courier", "store_manager")  #: the other roles may do no more than the last
OF_A_REGION = "regional_manager"
STAFF = (*OF_A_STORE, OF_A_REGION)
OF_PLUGINS = "store_manager"  #: who may do there what plugins let one do, too

#: whose things these are is no secret within a brand: calls, and slots with the kind that they name
PUBLIC = (
    ("node*", "*=store"),
    ("store*", "*"),
    ("slots", "*=store"),
    ("products*", "*=store"),
    ("cart*", "*=store"),
    ("*", "ProductVariant_*"),  # what a store has is the public's to see, up to a number
    ("*", "*=member.phone"),  # a number is no secret; what it leads to is looked for in every answer
    ("*", "*=key"),
    ("*", "*=till.reference"),
    ("memberSignIn", "*"),  # whoever has the code that was sent there may come in
    ("staffSignIn", "*"),
    ("staffPasswordResetRequest", "*"),
    ("tokenRefresh", "*"),  # a token is good for whoever holds it
    ("staffInvitationAccept", "*"),
    ("staffPasswordReset", "*"),
    ("staffOpenId*", "*"),
    *tables.PUBLIC,
)
#: the same for staff: roles are the brand's, that a store exists is known, and so are colleagues by their ids, to
#: whoever gives roles in a store or asks what they may do there
OF_THE_BRAND = (
    *PUBLIC,
    ("role*", "*=role.*"),
    ("role*", "*=store"),
    ("role*", "*=staff.other"),
    ("whyDenied*", "*=colleague"),
    ("whyDenied*", "*=store"),
    ("*", "*=supplier"),  # who delivers is the brand's to know
    ("suppliers", "*"),
    ("staffInvite", "*"),  # an address is one person's, whoever invites them
)


OF_ALL = {"Store", "Supplier"}  #: things that belong to no store and no member


@dataclass(frozen=True, slots=True)
class _Brand:
    """The brand within which it is fought out."""

    world: World
    guest: Client
    owner: Client
    things: dict[str, Any]

    def side(self, store: str, provider: Provider) -> Side:
        """A part of it, that has nothing of its own yet."""
        side = Side(self.world, new_mark(), store, {"guest": self.guest, "owner": self.owner}, provider)
        places = {"store": side.store_id, "location": side.store_id, "store.code": f"{store}-{self.things['word']}"}
        side.standing |= self.things | places
        return side


async def _brand(application: Application, provider: Provider) -> _Brand:
    """A brand with goods in all of its stores."""
    world, mark = await build_world(application.platform), new_mark()
    await plug_in(application.platform, world)
    await furnish_with_plugin(application.platform, world)
    furnished = await furnish(application.platform, world, mark, (OURS, "S2", THEIRS))
    guest = Client(application, world.tenant.slug)
    owner = await guest.staff(world.email("owner"))
    await configure(owner, provider, name=mark)
    app = (await let_in(guest, world)).id
    named = {"app": app, "provider": mark, "provider.other": mark, "origin": f"https://{mark}.example"}
    brand = _Brand(world, guest, owner, furnished.things | named)
    return replace(brand, things=brand.things | await tables.furnish(brand.side(OURS, provider)))


async def siege_of_stores(
    application: Application, owner: Connection, cases: Sequence[Case], provider: Provider
) -> Siege:
    """Staff of one store, or of a region, against a store that is neither."""
    brand = await _brand(application, provider)
    staffing = Staffing(application.platform, brand.world)
    ours, theirs = [await _staffed(brand.side(store, provider), staffing) for store in (OURS, THEIRS)]
    ours.standing["warehouse"] = global_id("Location", brand.world.store_keys[OURS])
    return await _siege(owner, (ours, theirs), cases, STAFF, OF_THE_BRAND)


async def _staffed(side: Side, staffing: Staffing) -> Side:
    """The side with staff of its store, a member, and a colleague who works there alone."""
    store, guest, own = side.store, side.callers["guest"], {}
    for role in STAFF:
        in_region = role == OF_A_REGION and store == OURS
        name = f"{role}.at.{store}"
        staff_id = await staffing.employ(name, role, store="" if in_region else store, in_region=in_region)
        if role == OF_PLUGINS:
            await assign(side.callers["owner"], staff_id, ROLE, storeIds=[side.store_id])
        own[role] = {"staff": staff_id, "staff.email": side.world.email(name)}
        side.callers[role] = await guest.staff(side.world.email(name))
    staffed = replace(await _with_member(side), own=own)
    person = await staffing.employ(f"colleague.at.{store}", "clerk", store=store)
    for role in (await make_role(staffed), await make_role(staffed)):
        await assign(side.callers["owner"], person, role, storeIds=[side.store_id])
    staffed.standing |= dict.fromkeys(("colleague", "staff", "owner"), person)
    return staffed


async def siege_of_shoppers(
    application: Application, owner: Connection, cases: Sequence[Case], provider: Provider
) -> Siege:
    """A guest and a member against another member of the same store."""
    brand = await _brand(application, provider)
    person = {"staff.email": brand.world.email("owner")}
    person |= dict.fromkeys(("owner", "staff", "colleague"), await id_of(brand.owner))
    ours, theirs = [await _with_member(brand.side(OURS, provider)) for _ in range(2)]
    ours.callers["guest"] = brand.guest
    for side in (ours, theirs):
        side.standing |= person
    return await _siege(owner, (ours, theirs), cases, SHOPPERS, PUBLIC)


async def _with_member(side: Side) -> Side:
    """The side with a member who has bought something there; a guest's things are whoever's who knows their ids."""
    phone, other = new_phone(), new_phone()
    guest = side.callers["guest"]
    async with guest.application.platform.open_work(side.world.tenant, system("test")) as work:
        await members.join(work, phone, name=side.mark)
    member = await guest.member(phone)
    found = replace(side, callers=side.callers | {"guest": member, "member": member})
    found.standing |= {"member": await id_of(member), "member.phone": phone, "phone.with_code": other}
    found.standing |= await tables.equip(found)
    for _ in range(2):
        await BROWSING.play(found, "member")
    page = (await member.run(ORDERS_OF))["viewer"]["orders"]["pageInfo"]
    found.standing["member.orders.cursor"] = page["endCursor"]
    return found


async def _siege(
    owner: Connection,
    sides: tuple[Side, Side],
    cases: Sequence[Case],
    callers: Sequence[str],
    public: Sequence[tuple[str, str]],
) -> Siege:
    ours, theirs = sides
    await prepare(theirs, cases, callers)
    tenant, keys = theirs.world.tenant.id, await _keys(theirs, ours)
    words = await books.words_about(owner, tenant, keys)
    watch = books.Watch(owner, {"theirs": tenant}, keys)
    return Siege(ours, theirs, Canaries(frozenset(words), (theirs.mark,)), watch, public)


async def _keys(theirs: Side, ours: Side) -> set[UUID]:
    """The keys of all things that are theirs and not ours, and neither a store's own nor the brand's."""
    known: set[Any] = set(ours.standing.values()) | {theirs.store_id}
    values = {value for caller in SHOPPERS for value in (await theirs.things(BROWSING, caller)).values()}
    ids = {value for value in values - known if isinstance(value, str) and parse(value) is not None}
    return {found[1] for value in ids if (found := parse(value)) is not None and found[0] not in OF_ALL}
