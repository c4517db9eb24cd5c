"""Whatever is said of the small schema holds for both executions."""

import gc
from collections.abc import Iterator

import pytest

from tests.difference.zoo import Zoo


@pytest.fixture(params=[True, False], ids=["compiled", "reference"])
def zoo(request: pytest.FixtureRequest) -> Zoo:
    return Zoo(compiling=request.param)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Have cancelled coroutines collected here, where they are expected, and not in the middle of another test."""
    yield
    gc.collect()
