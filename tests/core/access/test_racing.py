"""Two who change roles at once: the second sees what the first has done, and nobody slips through in between."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from core import access, identity
from core.access import EVERYWHERE, BeyondOwnRights, LastOwner, Scope
from core.actors import Actor, ActorKind
from core.errors import DomainError
from core.identity import Claims
from core.ids import new_id
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.schema.hiring import ACTOR, hire, store

pytestmark = pytest.mark.anyio
LET_GO = "UPDATE staff SET active = false WHERE tenant_id = $1 AND id = $2"
OWNER_OF = "SELECT staff_id FROM role_assignment WHERE tenant_id = $1 AND role = 'owner'"
Change = Callable[[Work], Awaitable[None]]


async def actor(platform: Platform, world: World, person: UUID) -> Actor:
    """Somebody with what they may do now, as a request begins."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        return await identity.actor_of(work, Claims(ActorKind.STAFF, person, new_id()))


async def first_owner(platform: Platform, world: World) -> UUID:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        found: UUID = await work.value(OWNER_OF)
        return found


async def one_after_another(
    platform: Platform, world: World, first: tuple[Actor, Change], second: tuple[Actor, Change]
) -> DomainError | None:
    """Why the second was refused, whose transaction began before the first one's was over."""

    async def change(actor: Actor, what: Change) -> DomainError | None:
        try:
            async with platform.open_work(world.tenant, actor) as work:
                await what(work)
        except DomainError as refusal:
            return refusal
        return None

    async with platform.open_work(world.tenant, first[0]) as work:
        await first[1](work)
        late = asyncio.ensure_future(change(*second))
        await asyncio.sleep(0.1)
        assert not late.done(), "it waits for the first"
    return await late


def withdrawing(person: UUID, role: str, *scopes: Scope) -> Change:
    return lambda work: access.withdraw(work, person, role, scopes)


def giving(person: UUID, role: str, *scopes: Scope) -> Change:
    return lambda work: access.give(work, person, role, scopes)


async def test_of_two_owners_who_withdraw_themselves_the_second_stays(platform: Platform, world: World) -> None:
    one, two = await first_owner(platform, world), await hire(platform, world, owner=EVERYWHERE)
    first, second = await actor(platform, world, one), await actor(platform, world, two)
    refusal = await one_after_another(
        platform,
        world,
        (first, withdrawing(one, "owner", EVERYWHERE)),
        (second, withdrawing(two, "owner", EVERYWHERE)),
    )
    assert isinstance(refusal, LastOwner)


async def test_of_two_owners_who_withdraw_each_other_the_second_is_none_any_more(
    platform: Platform, world: World
) -> None:
    one, two = await first_owner(platform, world), await hire(platform, world, owner=EVERYWHERE)
    first, second = await actor(platform, world, one), await actor(platform, world, two)
    refusal = await one_after_another(
        platform,
        world,
        (first, withdrawing(two, "owner", EVERYWHERE)),
        (second, withdrawing(one, "owner", EVERYWHERE)),
    )
    assert isinstance(refusal, BeyondOwnRights)


async def test_an_owner_who_is_let_go_meanwhile_counts_for_none(platform: Platform, world: World) -> None:
    one, two = await first_owner(platform, world), await hire(platform, world, owner=EVERYWHERE)
    first = await actor(platform, world, one)

    async def let_go(work: Work) -> None:
        await access.hold(work)
        await work.execute(LET_GO, two)
        await access.require_owner(work)

    refusal = await one_after_another(platform, world, (first, let_go), (first, withdrawing(one, "owner", EVERYWHERE)))
    assert isinstance(refusal, LastOwner)


async def test_who_loses_a_role_meanwhile_gives_nothing_by_it(platform: Platform, world: World) -> None:
    person, friend = await hire(platform, world, store_manager=store(world, "S1")), await hire(platform, world)
    owner = await actor(platform, world, await first_owner(platform, world))
    manager = await actor(platform, world, person)
    refusal = await one_after_another(
        platform,
        world,
        (owner, withdrawing(person, "store_manager", store(world, "S1"))),
        (manager, giving(friend, "clerk", store(world, "S1"))),
    )
    assert isinstance(refusal, BeyondOwnRights)


async def test_what_a_role_becomes_meanwhile_has_to_be_held_too(platform: Platform, world: World) -> None:
    person, friend = await hire(platform, world, store_manager=store(world, "S1")), await hire(platform, world)
    owner = await actor(platform, world, await first_owner(platform, world))
    manager = await actor(platform, world, person)

    async def grow(work: Work) -> None:
        await access.redefine(work, "courier", access.RoleChange(permissions=["orders.read", "apps.manage"]))

    refusal = await one_after_another(
        platform, world, (owner, grow), (manager, giving(friend, "courier", store(world, "S1")))
    )
    assert isinstance(refusal, BeyondOwnRights)


async def test_without_waiting_the_last_two_owners_would_both_go(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait_for_nobody(_: Work) -> None:
        pass

    monkeypatch.setattr(access.assigning, "hold", wait_for_nobody)
    one, two = await first_owner(platform, world), await hire(platform, world, owner=EVERYWHERE)
    first, second = await actor(platform, world, one), await actor(platform, world, two)
    async with platform.open_work(world.tenant, first) as work:
        await access.withdraw(work, one, "owner", [EVERYWHERE])
        async with platform.open_work(world.tenant, second) as other:
            await access.withdraw(other, two, "owner", [EVERYWHERE])
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await work.value(OWNER_OF) is None


@pytest.mark.parametrize("role", [None, "clerk"])
async def test_who_loses_a_role_meanwhile_lets_nobody_go_by_it(
    platform: Platform, world: World, role: str | None
) -> None:
    person = await hire(platform, world, regional_manager=EVERYWHERE)
    friend = await hire(platform, world, **({role: EVERYWHERE} if role is not None else {}))
    owner = await actor(platform, world, await first_owner(platform, world))
    manager = await actor(platform, world, person)

    async def let_go(work: Work) -> None:
        assert await identity.deactivate_staff(work, friend)

    refusal = await one_after_another(
        platform, world, (owner, withdrawing(person, "regional_manager", EVERYWHERE)), (manager, let_go)
    )
    assert isinstance(refusal, BeyondOwnRights)
