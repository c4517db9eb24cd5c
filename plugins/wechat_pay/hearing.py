"""What WeChat tells: verified, decrypted and written down within a second; the rest is done from the outbox."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from core import clock, payments
from core.callbacks import Callback, Reply
from core.money import Money
from core.payments import Kind, Notification
from plugins.wechat_pay.desk import Desk, desk_in
from plugins.wechat_pay.merchants import NAME, Merchant
from plugins.wechat_pay.transactions import id_of, money_of

FRESH = timedelta(minutes=5)  #: a retry is signed anew, so nothing older is WeChat's
_SIGNATURE = "WECHATPAY2-SHA256-RSA2048"
_REFUNDS = {"REFUND.SUCCESS": True, "REFUND.ABNORMAL": False, "REFUND.CLOSED": False}
_TAKEN, _NOT_OURS = Reply(204), Reply(401, b'{"code":"FAIL","message":"the signature is wrong"}')
log = structlog.get_logger("wechat_pay")


async def heard(callback: Callback) -> Reply:
    """Take a notification down, or say that it is not WeChat's."""
    async with callback.works() as work:
        at = desk_in(work, callback.subject)
    told = await _verified(at, callback)
    if told is None:
        log.warning("a notification is not WeChat's", merchant=at.merchant.mchid)
        return _NOT_OURS
    notification = _read(at.merchant, told)
    if notification is not None:
        await payments.hear(callback.works, notification)
    return _TAKEN


async def _verified(at: Desk, callback: Callback) -> Mapping[str, Any] | None:
    """What was told, decrypted, if its signature is WeChat's and is of these minutes."""
    key = at.merchant.public_key(callback.headers.get("wechatpay-serial", ""))
    if callback.headers.get("wechatpay-signature-type") != _SIGNATURE or not _is_fresh(callback.headers):
        return None
    if key is None:
        return None
    try:
        told = (await at.client(key)).callback(callback.headers, callback.body)
    except Exception:  # noqa: BLE001 - the library raises whatever comes of a body that is none
        return None
    return told if isinstance(told, dict) else None


def _is_fresh(headers: Mapping[str, str]) -> bool:
    """Whether it was signed just now."""
    told = headers.get("wechatpay-timestamp", "")
    if not (told.isascii() and told.isdigit() and len(told) <= 12):
        return False
    return abs(clock.unmoved().timestamp() - int(told)) <= FRESH.total_seconds()


def _read(merchant: Merchant, told: Mapping[str, Any]) -> Notification | None:
    """A notification of money, as core understands it; None for what is of something else."""
    event, said = told["event_type"], told["resource"]
    if event == "TRANSACTION.SUCCESS":
        number, reference, account = said["out_trade_no"], said["transaction_id"], f"{said['mchid']}/{said['appid']}"
        return _notification(told, Kind.PAYMENT, number, reference, money_of(said["amount"], "total"), account)
    if event in _REFUNDS:
        number, reference, account = said["out_refund_no"], said["refund_id"], f"{said['mchid']}/{merchant.app_id}"
        return _notification(told, Kind.REFUND, number, reference, money_of(said["amount"], "refund"), account)
    return None


def _notification(
    told: Mapping[str, Any], kind: Kind, number: object, reference: str, amount: Money, account: str
) -> Notification:
    return Notification(
        provider=NAME,
        id=str(told["id"]),
        kind=kind,
        subject_id=id_of(number),
        succeeded=_REFUNDS.get(told["event_type"], True),
        reference=reference,
        amount=amount,
        account=account,
    )
