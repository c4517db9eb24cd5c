"""What every plugin promises."""

from hexmart.testing.contract import *  # noqa: F403 - the tests that all plugins have

PLUGIN = "value"
