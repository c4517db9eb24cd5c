"""WeChat Pay, API v3: really signs, really checks signatures, keeps what it was told, and tells of it."""

from hexmart.simulators.wechat_pay.app import create_app
from hexmart.simulators.wechat_pay.crowd import Enrolled, enrol, settings_of
from hexmart.simulators.wechat_pay.notifying import Notice
from hexmart.simulators.wechat_pay.state import Mood, Trade, Wechat

__all__ = ["Enrolled", "Mood", "Notice", "Trade", "Wechat", "create_app", "enrol", "settings_of"]
