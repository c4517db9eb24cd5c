"""The abuse list of OAuth: everything on it is refused."""

import pytest

from hexmart.app import Application
from hexmart.testing import Client
from hexmart.testing.brands import build_world
from tests.security.oauth.attacks import Attack, Scene
from tests.security.oauth.lists import LISTS
from tests.security.oauth.partner import let_in

pytestmark = pytest.mark.anyio


async def furnished(application: Application) -> Scene:
    """Two brands with apps, of which nothing has been asked yet."""
    world, other = await build_world(application.platform), await build_world(application.platform)
    client = Client(application, world.tenant.slug)
    return Scene(
        partner=await let_in(client, world),
        public=await let_in(client, world, confidential=False),
        rival=await let_in(client, world, name="A rival"),
        abroad=await let_in(client, other),
        owner=await client.staff(world.email("owner")),
    )


async def succeeding(scene: Scene, attacks: dict[str, Attack]) -> list[str]:
    """Those that are not refused, or whose control is."""
    return [name for name, attack in attacks.items() if not await attack(scene)]


async def test_everything_on_the_list_is_refused(application: Application) -> None:
    found = {kind: await succeeding(await furnished(application), attacks) for kind, attacks in LISTS.items()}
    tried, through = sum(map(len, LISTS.values())), sum(map(len, found.values()))
    kinds = ", ".join(f"{len(attacks)} {kind}" for kind, attacks in LISTS.items())
    print(f"\noauth abuse: {tried - through} of {tried} refused ({kinds})")  # noqa: T201 - the figure is wanted
    assert not {kind: names for kind, names in found.items() if names}


async def test_an_attack_that_is_let_through_would_be_found(application: Application) -> None:
    scene = await furnished(application)

    async def by_the_right_secret(scene: Scene) -> bool:
        return (await scene.partner.own_token()).status_code != 200

    refused = "a wrong secret"
    assert await succeeding(scene, {"a right one": by_the_right_secret, refused: LISTS["clients"][refused]}) == [
        "a right one"
    ]
    await scene.owner.do("appDeactivate", {"id": scene.partner.id})  # so that the control is refused as well
    assert await succeeding(scene, {refused: LISTS["clients"][refused]}) == [refused]
