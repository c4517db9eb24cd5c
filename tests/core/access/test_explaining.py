"""Whoever asks why is told what is so."""

from collections import Counter
from random import Random
from uuid import UUID

import pytest

from core import access, clock, identity
from core.access import Reason, Scope
from core.actors import ANONYMOUS, Actor, ActorKind, member
from core.apps.models import PartnerApp
from core.errors import Forbidden
from core.identity import Claims, IdentityRules, explain, explain_other
from core.ids import new_id, new_reference
from core.rules import RuleBook
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.core.access.drawn import ACTOR, UNHEARD_OF, Drawn, draw

pytestmark = pytest.mark.anyio
QUESTIONS = 500


async def callers(platform: Platform, drawn: Drawn, chance: Random) -> list[Actor]:
    """Guests, members, staff, and apps of all kinds: for themselves and for staff, with some scopes."""
    async with platform.open_work(drawn.world.tenant, ACTOR) as work:
        staff = [await identity.actor_of(work, Claims(ActorKind.STAFF, one, new_id())) for one in drawn.people]
        apps = [await _app(work, chance, one) for one in (*drawn.people, None, None)]
    return [ANONYMOUS, member(new_id()), *staff, *apps]


async def _app(work: Work, chance: Random, person: UUID | None) -> Actor:
    vocabulary = sorted(access.vocabulary_of(work))
    scopes = chance.sample(vocabulary, len(vocabulary) // 2)
    name = new_reference(8)
    app = PartnerApp(
        id=new_id(), name=name, client_id=name, scopes=scopes, redirect_uris=[], active=True, created_at=clock.now()
    )
    work.add(app)
    await work.session.flush()
    asked = tuple(chance.sample(vocabulary, len(vocabulary) * 2 // 3))
    return await identity.actor_of(work, Claims(ActorKind.APP, app.id, new_id(), person, asked))


async def test_what_is_explained_is_what_holds(platform: Platform, world: World) -> None:
    chance, reasons = Random(7), Counter[str]()
    drawn = await draw(platform, world, chance)
    everybody = await callers(platform, drawn, chance)
    different = []
    for _ in range(QUESTIONS):
        actor, store = chance.choice(everybody), chance.choice([None, *drawn.stores])
        async with platform.open_work(world.tenant, actor, read_only=True) as work:
            permission = chance.choice([*sorted(access.vocabulary_of(work)), *UNHEARD_OF])
            decision = await explain(work, permission, store)
        reasons[decision.reason] += 1
        if decision.allowed != actor.may(permission, store):
            different.append((actor.label, permission, store, decision))
        if decision.rule is not None and actor.kind == ActorKind.STAFF:
            assert decision.rule.scope in drawn_scopes(drawn)
    print(f"questions={QUESTIONS} different={len(different)} {dict(reasons)}")  # noqa: T201 - the figure is wanted
    assert not different
    assert set(reasons) == set(Reason) - {Reason.NOT_ACTIVE, Reason.NO_SECOND_FACTOR}, "every reason was met"


def drawn_scopes(drawn: Drawn) -> set[Scope]:
    return {
        Scope(),
        *(Scope(store_id=key) for key in drawn.stores),
        *(Scope(region_id=key) for key in drawn.regions),
    }


async def test_of_somebody_else_the_same_is_said(platform: Platform, world: World) -> None:
    chance = Random(11)
    drawn = await draw(platform, world, chance)
    asker = Actor(ActorKind.STAFF, new_id(), grants={"roles.explain": None})
    for person in drawn.people:
        async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
            actor = await identity.actor_of(work, Claims(ActorKind.STAFF, person, new_id()))
            permission = chance.choice(sorted(access.vocabulary_of(work)))
        for store in (None, *drawn.stores):
            async with platform.open_work(world.tenant, actor, read_only=True) as work:
                own = await explain(work, permission, store)
            async with platform.open_work(world.tenant, asker, read_only=True) as work:
                assert await explain_other(work, person, permission, store) == own


async def test_who_may_ask_in_some_stores_asks_about_these(platform: Platform, world: World) -> None:
    drawn = await draw(platform, world, Random(3))
    one, other = drawn.stores[:2]
    asker = Actor(ActorKind.STAFF, new_id(), grants={"roles.explain": frozenset({one})})
    for person in drawn.people:
        async with platform.open_work(world.tenant, asker, read_only=True) as work:
            decision = await explain_other(work, person, "orders.read", one)
            assert all(rule.scope == Scope() or rule.scope.region_id for rule in decision.elsewhere)
            for store in (other, None):
                with pytest.raises(Forbidden):
                    await explain_other(work, person, "orders.read", store)


async def test_who_lacks_a_second_factor_that_the_brand_asks_for_may_do_nothing_yet(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = await draw(platform, world, Random(5))
    monkeypatch.setattr(platform, "rules", RuleBook({IdentityRules: IdentityRules(totp_required=True)}))
    for actor in await callers(platform, drawn, Random(5)):
        if actor.kind == ActorKind.STAFF:
            async with platform.open_work(world.tenant, actor, read_only=True) as work:
                decision = await explain(work, "orders.read", None)
            assert not actor.may("orders.read")
            assert decision.reason in {Reason.NO_SECOND_FACTOR, Reason.NO_ROLE_GRANTS}
