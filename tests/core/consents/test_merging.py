"""Of two members who become one, whoever agreed to less is believed."""

import pytest

from core import consents
from core.consents import LOCATION, MARKETING, PERSONALISATION
from core.consents.personal_data import PERSONAL_DATA
from core.stores.places import GeoPoint
from hexmart.testing import World
from tenants import Platform
from tests.ledgers import ACTOR, join

pytestmark = pytest.mark.anyio


async def test_only_what_both_have_agreed_to_counts(platform: Platform, world: World) -> None:
    going, staying = await join(platform, world, 2)
    async with platform.open_work(world.tenant, ACTOR) as work:
        both = [(member, purpose) for member in (going, staying) for purpose in (MARKETING, PERSONALISATION)]
        for member, purpose in (*both, (staying, LOCATION)):
            await consents.give(work, member, purpose, 0)
        await consents.locate(work, staying, GeoPoint(31.2304, 121.4737))
        await consents.withdraw(work, going, PERSONALISATION)
    async with platform.open_work(world.tenant, ACTOR) as work:
        for statement in [one for table in PERSONAL_DATA for one in table.merging.statements]:
            await work.execute(statement, going, staying)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        agreed = [bool(await consents.allows(work, [staying], one)) for one in (MARKETING, PERSONALISATION, LOCATION)]
        assert agreed == [True, False, False]
        assert await consents.locations(work, [going, staying]) == {}
        assert await work.value("SELECT count(*) FROM member_location WHERE tenant_id = $1") == 0


async def test_any_number_of_members_is_asked_about_at_once(platform: Platform, world: World) -> None:
    found = await join(platform, world, 5)
    async with platform.open_work(world.tenant, ACTOR) as work:
        for member in found[:3]:
            await consents.give(work, member, MARKETING, 0)
        await consents.withdraw(work, found[0], MARKETING)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await consents.allows(work, found, MARKETING) == set(found[1:3])
        assert await consents.allows(work, [], MARKETING) == set()
