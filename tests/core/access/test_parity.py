"""What people may do, as requests look it up, is what Casbin says: of everybody, everything and everywhere."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from core.access import policy
from core.access.policy import Policy
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tenants import Platform
from tests.core.access.drawn import Comparison, compare, draw
from tests.faults.crowd import SCALE

pytestmark = pytest.mark.anyio


async def compared(platform: Platform, worlds: list[World], *, one_is_enough: bool = False) -> Comparison:
    found = Comparison(one_is_enough=one_is_enough)
    for seed, world in enumerate(worlds):
        await compare(platform, await draw(platform, world, Random(seed)), found)
    return found


async def test_the_sets_are_what_casbin_says_on_the_full_matrix(platform: Platform) -> None:
    found = await compared(platform, [await build_world(platform) for _ in range(SCALE)])
    print(  # noqa: T201 - the figure is wanted
        f"tenants={SCALE} comparisons={found.asked} allowed={found.allowed} differences={len(found.different)}"
    )
    assert not found.different
    assert 0.05 < found.allowed / found.asked < 0.95, "both answers were given"
    assert found.asked > 5_000 * SCALE


async def _no_regions(*_: object) -> frozenset[tuple[str, UUID]]:
    return frozenset()


def _everywhere(*_: object) -> None:
    return None


def _by_roles_alone(real: Callable[[Policy, str], Any]) -> Callable[..., Any]:
    kept: dict[object, Any] = {}

    def expand(of: Policy, who: str = "") -> Any:
        key = (of.permissions, frozenset(role for _, role, _ in of.assignments))
        if key not in kept:
            kept[key] = real(of, who)
        return kept[key]

    return expand


def _without_everything(real: Callable[[Policy, str], Any]) -> Callable[..., Any]:
    return lambda of, who="": real(replace(of, vocabulary=frozenset()), who)


MUTANTS: dict[str, tuple[str, object]] = {
    "regions are forgotten": ("stores_of", _no_regions),
    "some stores are taken for all": ("stores_within", _everywhere),
    "sets are kept by roles and not by scopes": ("expand", _by_roles_alone(policy.expand)),
    "who may do everything may do what is named": ("expand", _without_everything(policy.expand)),
}


@pytest.mark.parametrize("mutant", MUTANTS)
async def test_sets_that_are_wrong_would_be_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch, mutant: str
) -> None:
    name, wrong = MUTANTS[mutant]
    policy.expand.cache_clear()
    monkeypatch.setattr(policy, name, wrong)
    found = await compared(platform, [world], one_is_enough=True)
    print(f"{mutant}: {len(found.different)} of {found.asked} differ")  # noqa: T201 - the figure is wanted
    assert found.different


@pytest.fixture(autouse=True)
def nothing_kept() -> Any:
    """What a mutant has expanded is of no use to anybody else."""
    kept = policy.expand
    yield
    kept.cache_clear()
