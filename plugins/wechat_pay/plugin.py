"""WeChat Pay, API v3: the mini-program's payment, the code shown at a counter, refunds, and what WeChat tells."""

from types import ModuleType

from core.callbacks import CallbackRoute
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from core.payments.provider import PaymentProvider
from plugins.wechat_pay.hearing import heard
from plugins.wechat_pay.merchants import NOTIFY, WechatPaySettings
from plugins.wechat_pay.provider import WechatPay

PLUGIN = Plugin(
    name="wechat_pay",
    version="1.0.0",
    plugin_api=">=1.0,<2",
    summary="Shoppers pay by WeChat, in the mini-program or by the code that they show at the counter.",
)


@hookimpl
def register_graphql() -> list[ModuleType]:
    return []  # nothing but the codes of its refusals


@hookimpl
def register_settings() -> type[Settings]:
    return WechatPaySettings


@hookimpl
def register_callbacks() -> list[CallbackRoute]:
    return [CallbackRoute(NOTIFY, heard)]


@hookimpl
def payment_provider() -> PaymentProvider:
    return WechatPay()
