"""What the tests of the kit share, since it takes a while to make."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.kit.environments import wheel_of


@pytest.fixture(scope="session")
def hexmart_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hexmart as it is shipped."""
    return wheel_of(ROOT, tmp_path_factory.mktemp("hexmart"))
