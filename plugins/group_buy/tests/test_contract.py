"""What every plugin promises."""

from hexmart.testing.contract import *  # noqa: F403

PLUGIN = "group_buy"  #: whose promises they are
