"""Everybody there is: guests, members, staff in each role, for every store and for one, and apps."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID

from core import access, clock, identity
from core.actors import ActorKind
from core.apps.models import PartnerApp
from core.identity import Claims
from core.ids import new_id
from core.members.service import join
from core.work import Work
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.testing import Client, World
from tenants import PLATFORM_SLUG, Platform, Tenant
from tests.plugged_in import ROLE, plug_in
from tests.schema.hiring import ACTOR, hire, store
from tests.schema.shop import PHONE

ONE_STORE = " at one store"
ROLES = (*access.ROLES, ROLE)


@dataclass(frozen=True, slots=True)
class Caller:
    """A column of the table: somebody, and what their tokens say."""

    name: str
    client: Client
    tenant: Tenant
    claims: Claims | None = None
    scoped: bool = False  #: whether it is an app whose token has just the permission that is asked for

    def claiming(self, permission: str | None) -> Claims | None:
        """What a new session of theirs says, for calling a field that needs this."""
        if self.claims is None:
            return None
        scopes = (permission,) if self.scoped and permission is not None else ()
        return replace(self.claims, session=new_id(), scopes=scopes)


async def everybody(platform: Platform, client: Client, world: World) -> list[Caller]:
    """The columns, in their order; every plugin is on."""
    await plug_in(platform, world)
    people = [caller async for caller in _staff(platform, client, world)]
    operator = await _operator(platform, client)
    async with platform.open_work(world.tenant, ACTOR) as work:
        member = Claims(ActorKind.MEMBER, await join(work, f"+86{PHONE}"), new_id())
        app = Claims(ActorKind.APP, await _app(work), new_id())
    brand = world.tenant
    return [
        Caller("guest", client, brand),
        Caller("member", client, brand, member),
        *people,
        Caller("app without scope", client, brand, app),
        Caller("app with the scope", client, brand, app, scoped=True),
        operator,
    ]


async def _staff(platform: Platform, client: Client, world: World) -> AsyncIterator[Caller]:
    """Staff without a role, in each role for every store, and in each for one."""
    yield Caller("staff without role", client, world.tenant, _claims(await hire(platform, world)))
    for role in ROLES:
        person = await hire(platform, world, **{role: access.EVERYWHERE})
        yield Caller(role, client, world.tenant, _claims(person))
    for role in ROLES:
        person = await hire(platform, world, **{role: store(world, "S1")})
        yield Caller(role + ONE_STORE, client, world.tenant, _claims(person))


async def _operator(platform: Platform, client: Client) -> Caller:
    await ensure_operator(platform)
    tenant = await platform.registry.by_slug(PLATFORM_SLUG)
    async with platform.open_work(tenant, ACTOR) as work:
        person = await identity.by_email(work, OPERATOR)
    assert person is not None, "the operator was made just now"
    return Caller("operator", replace(client, slug=PLATFORM_SLUG), tenant, _claims(person.id))


async def _app(work: Work) -> UUID:
    """An app that may be given every permission there is."""
    app = PartnerApp(
        id=new_id(),
        name="matrix",
        client_id="matrix",
        scopes=sorted(access.vocabulary_of(work)),
        redirect_uris=[],
        active=True,
        created_at=clock.now(),
    )
    work.add(app)
    return app.id


def _claims(person: UUID) -> Claims:
    return Claims(ActorKind.STAFF, person, new_id())
