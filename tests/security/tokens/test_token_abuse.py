"""The abuse list of access and refresh tokens: everything on it is refused, and what it was made of is good."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from core.actors import ActorKind
from core.errors import Unauthenticated
from core.identity import Claims
from hexmart.testing import Client, World
from tenants import Platform
from tests.security.tokens.forgeries import forgeries
from tests.security.tokens.forging import Token, decoded
from tests.security.tokens.scene import Scene
from tests.security.tokens.stories import STORIES, presentations

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
async def scene(client: Client, platform: Platform, world: World, other_world: World, move_clock: Move) -> Scene:
    member = await client.member("13800000009")
    staff = await client.staff(world.email("clerk"))
    key = platform.vault(world.tenant.id).token_key(1)
    ours = Token.of(member.token or "", key), Token.of(staff.token or "", key)
    assert [str(token) for token in ours] == [member.token, staff.token], "they are written as we write them"
    return Scene(client, platform, world, other_world, ours[0], ours[1], move_clock)


async def let_through(scene: Scene) -> tuple[int, list[str]]:
    """How many forgeries there are, and which are taken; before each a token is taken that is none."""
    tried, through = 0, []
    for name, token in forgeries(scene):
        assert await scene.takes(scene.staff), f"the control of {name}"
        tried += 1
        if await scene.takes(token):
            through.append(name)
    return tried, through


async def test_everything_on_the_list_is_refused(scene: Scene) -> None:
    tried, through = await let_through(scene)
    for name, said, headers in presentations(scene):
        assert await scene.takes(scene.staff), f"the control of {name}"
        tried += 1
        if await scene.is_let_in(*said, **headers):
            through.append(name)
    for story in STORIES:
        tried += 1
        if not await story(scene):
            through.append(story.__name__)
    print(f"\ntoken abuse: {tried - len(through)} of {tried} refused")  # noqa: T201 - the figure is wanted
    assert not through


async def test_each_forgery_is_another(scene: Scene) -> None:
    made = list(forgeries(scene))
    names = [name for name, _ in made]
    assert sorted(names) == sorted(set(names))
    assert str(scene.staff) not in {token for _, token in made}


@pytest.mark.parametrize("said", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer  {}", "Bearer {} "])
async def test_the_schemes_name_is_written_in_any_case(scene: Scene, said: str) -> None:
    """As RFC 9110 has it, with any number of spaces after it."""
    assert await scene.is_let_in(said.format(scene.staff))


def _lax(token: str, keys: Mapping[str, Any], tenant_slug: str, __: int) -> Claims:
    """What a careless verifier would take: whatever is signed by somebody, and by nobody."""
    try:
        _, claims, signature = token.split(".")
        said = orjson.loads(decoded(claims))
        if not signature or not keys or not tenant_slug or said["kind"] in {"system", "guest"}:
            raise ValueError
        return Claims(ActorKind(said["kind"]), UUID(said["sub"]), UUID(said["sid"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unauthenticated(reason="no token") from None


async def test_what_a_careless_verifier_lets_through_would_be_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.identity.verify", _lax)
    tried, through = await let_through(scene)
    assert len(through) > tried // 2
    groups = {name.partition(":")[0] for name, _ in forgeries(scene)}
    assert {name.partition(":")[0] for name in through} == groups
