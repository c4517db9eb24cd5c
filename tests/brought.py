"""What plugins bring beside their own tests, for the tests that look at all that is served."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from hexmart.plugins import discover


def brought(module: str) -> Sequence[ModuleType]:
    """The module of this name among each installed plugin's tests, where it has one."""
    found = [f"{one.package}.tests" for one in discover() if find_spec(f"{one.package}.tests") is not None]
    return [import_module(f"{tests}.{module}") for tests in found if find_spec(f"{tests}.{module}") is not None]
