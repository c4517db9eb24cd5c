"""What every carrier promises."""

import pytest

from tests.core.deliveries.promises import *  # noqa: F403 - the tests that all carriers have

pytestmark = pytest.mark.anyio
