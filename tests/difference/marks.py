"""Marks of tests in which fields fail beside others."""

import pytest

# Where a field fails, graphql-core cancels what stands beside it, coroutines among it that nobody has awaited yet.
# They are collected at any time, even within a named tuple's constructor, where Python cannot import what it warns by.
CANCELLED = (
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine:pytest.PytestUnraisableExceptionWarning"),
)
