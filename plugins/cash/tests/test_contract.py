"""What every plugin promises."""

from hexmart.testing.contract import *  # noqa: F403

PLUGIN = "cash"  #: whose promises they are
