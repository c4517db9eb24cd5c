"""People of a test's own, with the roles it gives them, and regions for these."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core import access, clock, identity
from core.access import EVERYWHERE, Scope
from core.actors import Actor, ActorKind, system
from core.apps.models import PartnerApp
from core.identity import Claims
from core.ids import new_id, new_reference
from core.stores.models import Region
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform

ACTOR = system("test")
JOIN_REGION = "UPDATE store SET region_id = $2 WHERE tenant_id = $1 AND id = any($3::uuid[])"


async def hire(platform: Platform, world: World, **roles: Scope | Sequence[Scope]) -> UUID:
    """Somebody new with these roles, each for one scope or several."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        email = f"{new_reference(12)}@{world.tenant.slug}.example"
        person = await identity.add_staff(work, email=email, name="somebody new", password_hash="a hash of nothing")
        for role, scopes in roles.items():
            for scope in [scopes] if isinstance(scopes, Scope) else scopes:
                await access.assign(work, person, role, store_id=scope.store_id, region_id=scope.region_id)
    return person


async def signed_in(client: Client, platform: Platform, world: World, person: UUID) -> Client:
    """The same client with a token of somebody's."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        session = await identity.issue(work, identity.signing_in(Actor(ActorKind.STAFF, person)))
    return replace(client, token=session.access_token)


async def hired(client: Client, platform: Platform, world: World, **roles: Scope | Sequence[Scope]) -> Client:
    """Somebody new, signed in."""
    return await signed_in(client, platform, world, await hire(platform, world, **roles))


async def app_of(
    client: Client, platform: Platform, world: World, scopes: Sequence[str], behalf: UUID | None = None
) -> Client:
    """The same client with a token of an app's that has these scopes, for itself or for somebody."""
    key = new_id()
    async with platform.open_work(world.tenant, ACTOR) as work:
        app = PartnerApp(
            id=key,
            name="Stocktaker",
            client_id=str(key),
            scopes=list(scopes),
            redirect_uris=[],
            active=True,
            created_at=clock.now(),
        )
        work.add(app)
        session = await identity.issue(work, Claims(ActorKind.APP, key, new_id(), behalf, tuple(scopes)))
    return replace(client, token=session.access_token)


async def region_of(platform: Platform, world: World, *codes: str) -> UUID:
    """A new region with these stores in it."""
    key = new_id()
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(Region(id=key, name=new_reference(8)))
        await work.session.flush()
        await work.execute(JOIN_REGION, key, [world.store_keys[code] for code in codes])
    return key


def store(world: World, code: str) -> Scope:
    return Scope(store_id=world.store_keys[code])


def region(key: UUID) -> Scope:
    return Scope(region_id=key)


def staff_id(person: UUID) -> str:
    return global_id("StaffUser", person)


def region_id(key: UUID) -> str:
    return global_id("Region", key)


__all__ = [
    "ACTOR",
    "EVERYWHERE",
    "JOIN_REGION",
    "app_of",
    "hire",
    "hired",
    "region",
    "region_id",
    "region_of",
    "signed_in",
    "staff_id",
    "store",
]
