"""Plugins have a say in which store suits best, as one measure among others."""

from collections.abc import Sequence
from math import inf, nan

import pytest

from core.hooks import hookimpl
from core.matching import Candidate, RankReason
from hexmart.testing import Client, UsePlugins, World
from tests.schema.shop import PEOPLES_SQUARE

pytestmark = pytest.mark.anyio
NEAR = """query($input: StoresNearInput!) { storesNear(input: $input) {
  store { code } score reasons { factor value weight text } } }"""


class Favourite:
    """Likes one store, as much as it is told to."""

    def __init__(self, store: object, value: float = 1.0, weight: float = 1.0, factor: str = "liked") -> None:
        self.store, self.reason = store, RankReason(factor, value, weight, "liked best")
        self.asked: list[int] = []

    @hookimpl
    async def store_ranking(self, candidates: Sequence[Candidate]) -> list[RankReason | None]:
        self.asked.append(len(candidates))
        return [self.reason if one.store_id == self.store else None for one in candidates]


async def near(client: Client) -> dict[str, dict[str, object]]:
    found = (await client.run(NEAR, input={"location": PEOPLES_SQUARE}))["storesNear"]
    return {match["store"]["code"]: match for match in found}


async def test_a_plugins_reason_joins_the_others_and_counts(
    client: Client, world: World, use_plugins: UsePlugins
) -> None:
    before = await near(client)
    plugin = Favourite(world.store_keys["S3"])
    await use_plugins(liked=plugin)
    after = await near(client)
    liked = {"factor": "liked", "value": 1.0, "weight": 1.0, "text": "liked best"}
    assert after["S3"]["reasons"] == [*before["S3"]["reasons"], liked]  # type: ignore[misc]  # a list
    assert (after["S1"], plugin.asked) == (before["S1"], [3])
    assert after["S3"]["score"] > before["S3"]["score"]  # type: ignore[operator]  # numbers


@pytest.mark.parametrize(("value", "weight", "kept"), [(7, 9, (1, 1)), (-1, -2, (0, 0)), (nan, inf, (0, 1))])
async def test_no_plugin_counts_for_more_than_everything(
    client: Client, world: World, use_plugins: UsePlugins, value: float, weight: float, kept: tuple[float, float]
) -> None:
    await use_plugins(liked=Favourite(world.store_keys["S1"], value, weight))
    reasons: list[dict[str, float]] = (await near(client))["S1"]["reasons"]  # type: ignore[assignment]  # a list
    assert (reasons[-1]["value"], reasons[-1]["weight"]) == kept


async def test_a_factor_that_is_another_plugins_is_nonsense(
    client: Client, world: World, use_plugins: UsePlugins
) -> None:
    before = await near(client)
    await use_plugins(liked=Favourite(world.store_keys["S1"], factor="distance"))
    assert await near(client) == before
