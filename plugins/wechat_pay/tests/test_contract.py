"""What every plugin promises."""

from hexmart.testing.contract import *  # noqa: F403

PLUGIN = "wechat_pay"  #: whose promises they are
