"""Brands whose roles, regions and people are drawn at random, and what Casbin and the sets say of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from core import access, identity, stores
from core.access import Scope
from core.access.models import Role, RolePermission
from core.access.policy import target_of
from core.actors import Actor, ActorKind, system
from core.ids import new_id
from core.stores.models import Region, Store
from core.work import Work
from hexmart.testing import World
from hexmart.testing.brands import ALWAYS, PEOPLES_SQUARE
from tenants import Platform

ACTOR = system("test")
OFF = "lottery.draw"  #: of a plugin that is off
UNHEARD_OF = ("tenants.create", "nobody.knows", "orders", "", "*", OFF)
ROLES, REGIONS, STORES, PEOPLE = 6, 3, 5, 12


@dataclass
class Drawn:
    """A brand, with the ids of what was drawn."""

    world: World
    stores: list[UUID] = field(default_factory=list)
    regions: list[UUID] = field(default_factory=list)  #: the last has no store
    people: list[UUID] = field(default_factory=list)


async def draw(platform: Platform, world: World, chance: Random) -> Drawn:
    """Add roles of all sizes, regions, stores in them and in none, and people with none to five assignments."""
    drawn = Drawn(world, stores=list(world.store_keys.values()))
    async with platform.open_work(world.tenant, ACTOR) as work:
        drawn.regions = [new_id() for _ in range(REGIONS)]
        work.add(*[Region(id=key, name=str(key)) for key in drawn.regions])
        await work.session.flush()
        for number in range(STORES):
            drawn.stores.append(await _open(work, f"N{number}", chance.choice([None, *drawn.regions[:-1]])))
        names = [*access.ROLES, *await _define(work, chance)]
        roles = list[str]()
        for number in range(PEOPLE):
            if number % 3 != 2:  # every third has the same roles as the second, for something else
                roles = chance.choices(names, k=number % 6)
            drawn.people.append(await _hire(work, drawn, number, roles, chance))
    return drawn


async def _open(work: Work, code: str, region: UUID | None) -> UUID:
    shop = Store(
        code=code,
        name=code,
        city="上海",
        address="x",
        latitude=PEOPLES_SQUARE.latitude,
        longitude=PEOPLES_SQUARE.longitude,
        hours=ALWAYS,
        fulfilments=[],
        region_id=region,
    )
    return await stores.open_store(work, shop)


async def _define(work: Work, chance: Random) -> list[str]:
    vocabulary = sorted(access.vocabulary_of(work))
    names = [f"drawn_{number}" for number in range(ROLES)]
    work.add(*[Role(name=name, label=name) for name in names])
    await work.session.flush()
    work.add(RolePermission(role=names[0], permission="*"), RolePermission(role=names[1], permission=OFF))
    for name in names:
        chosen = chance.sample(vocabulary, chance.randrange(len(vocabulary)))
        work.add(*[RolePermission(role=name, permission=one) for one in chosen])
    return names


async def _hire(work: Work, drawn: Drawn, number: int, roles: list[str], chance: Random) -> UUID:
    person = await identity.add_staff(work, email=f"drawn.{number}@{work.brand.slug}.example", name="drawn")
    for role in dict.fromkeys(roles):
        places = [Scope(store_id=key) for key in drawn.stores] + [Scope(region_id=key) for key in drawn.regions] * 3
        for scope in set(chance.choices([*places, Scope()], k=chance.randint(1, 3))):
            await access.assign(work, person, role, store_id=scope.store_id, region_id=scope.region_id)
    return person


@dataclass
class Comparison:
    """How often the sets and Casbin were asked the same, and where they said something else."""

    asked: int = 0
    allowed: int = 0
    different: list[str] = field(default_factory=list)
    one_is_enough: bool = False  #: nobody else is asked about once they differ

    @property
    def over(self) -> bool:
        return self.one_is_enough and bool(self.different)

    def note(self, said: bool, casbin: bool, question: str) -> None:
        self.asked += 1
        self.allowed += casbin
        if said != casbin:
            self.different.append(question)


async def compare(platform: Platform, drawn: Drawn, found: Comparison) -> None:
    """Ask both of everybody, everything and everywhere: Casbin over all of the brand, the sets of each person's own."""
    async with platform.open_work(drawn.world.tenant, ACTOR, read_only=True) as work:
        whole = await access.policy_of_tenant(work)
        actors = [Actor(ActorKind.STAFF, one, grants=await access.grants_of(work, one)) for one in drawn.people]
    enforcer = whole.enforcer()
    for actor in actors:
        if found.over:
            return
        for permission in [*sorted(whole.vocabulary), *UNHEARD_OF]:
            target = target_of(permission)
            allowed = {
                scope: enforcer.enforce(str(actor.id), whole.tenant, scope.name, *target) for scope in scopes(drawn)
            }
            where = f"{actor.id} {permission} in"
            for key in drawn.stores:
                found.note(actor.may(permission, key), allowed[Scope(store_id=key)], f"{where} {key}")
            found.note(actor.may(permission), any(allowed.values()), f"{where} some store")
            everywhere = permission in actor.grants and actor.stores(permission) is None
            found.note(everywhere, allowed[Scope()], f"{where} every store")


def scopes(drawn: Drawn) -> Iterator[Scope]:
    yield Scope()
    yield from (Scope(region_id=key) for key in drawn.regions)
    yield from (Scope(store_id=key) for key in drawn.stores)
