"""What every plugin promises; the checks come with Hexmart."""

from hexmart.testing.contract import *  # noqa: F403

PLUGIN = "gift_wrap"  #: whose promises they are
