"""The provider: begins, asks, closes and pays back, each by the payment's or refund's own id."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from wechatpayv3.async_.type import WeChatPayType

from core import clock
from core.ids import new_id
from core.payments.provider import Charge, Refunded, RefundOrder, Started
from core.work import Work
from plugins.wechat_pay.desk import Answer, Desk, WechatUnclear, desk, read
from plugins.wechat_pay.errors import WechatPayNeeds
from plugins.wechat_pay.merchants import NAME, merchant_of
from plugins.wechat_pay.transactions import refunded_of, started_of

#: it is known there already: what has become of it is asked
_KNOWN = frozenset({"ORDERPAID", "OUT_TRADE_NO_USED", "USERPAYING", "TRADE_ERROR"})
_GONE = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
_CLOSED = frozenset({"ORDER_CLOSED", "ORDERCLOSED", "ORDER_REVERSED"})


class WechatPay:
    """Asks WeChat for the merchant that a payment was begun with, whoever takes the store's money now."""

    name = NAME

    def account(self, work: Work, store_id: UUID | None) -> str:
        """The merchant and the app of a store."""
        return merchant_of(work, store_id).account

    async def start(self, charge: Charge) -> Started:
        """Ask for money: of the shopper's mini-program, or by the code that a till has scanned."""
        code, open_id = charge.details.get("authCode"), charge.details.get("openId")
        if not code and not open_id:
            raise WechatPayNeeds(path=("input", "details"))
        at = await desk(charge.works, charge.account)
        asked = _asked(charge, at) | (
            {"payer": {"auth_code": code}, "scene_info": _scene(charge)} if code else _of(open_id)
        )
        async with at.open() as client:
            kind = WeChatPayType.CODEPAY if code else WeChatPayType.JSAPI
            answer = read(await client.pay(pay_type=kind, **asked))
            if answer.good and not code:
                return Started(captured=False, client_parameters=_to_go_on(at, client, answer))
            if answer.code in _KNOWN or (code and answer.good) or (code and answer.status >= 500):
                return await self._query(client, charge)
        answer.require_clear()
        return Started(captured=False, refused_because=str(answer.body.get("message") or answer.code))

    async def query(self, charge: Charge) -> Started:
        """What has become of a charge."""
        async with (await desk(charge.works, charge.account)).open() as client:
            return await self._query(client, charge)

    async def close(self, charge: Charge) -> bool:
        """Take no more money; what was paid by a code at the counter in this very moment is given back by WeChat."""
        async with (await desk(charge.works, charge.account)).open() as client:
            number = charge.payment_id.hex
            known = read(await client.query(out_trade_no=number))
            if known.code in _GONE:
                return True
            known.require_clear()
            if known.body.get("trade_state") in ("SUCCESS", "REFUND"):
                return False
            at_counter = known.body.get("trade_type") == "MICROPAY"
            end = client.codepay_reverse if at_counter else client.close
            answer = read(await end(out_trade_no=number))
        if answer.code == "ORDERPAID":
            return False
        answer.require_clear()
        if not answer.good and answer.code not in _CLOSED | _GONE:
            raise WechatUnclear(f"WeChat does not close it: {answer.code}")
        return True

    async def refund(self, refund: RefundOrder) -> Refunded:
        """Pay back; asked again by the same number, WeChat pays once."""
        at = await desk(refund.works, refund.account)
        amount = {"refund": refund.amount.minor, "total": refund.paid.minor, "currency": refund.amount.currency}
        async with at.open() as client:
            answer = read(
                await client.refund(
                    out_refund_no=refund.refund_id.hex,
                    out_trade_no=refund.payment_id.hex,
                    amount=amount,
                    reason=_short(refund.reason),
                    notify_url=at.notify_url,
                )
            )
        return _refunded(answer)

    async def query_refund(self, refund: RefundOrder) -> Refunded:
        """What has become of a refund; one that WeChat does not know is asked for."""
        async with (await desk(refund.works, refund.account)).open() as client:
            answer = read(await client.query_refund(out_refund_no=refund.refund_id.hex))
        if answer.code in _GONE:
            return await self.refund(refund)
        return _refunded(answer)

    async def _query(self, client: Any, charge: Charge) -> Started:
        answer = read(await client.query(out_trade_no=charge.payment_id.hex))
        if answer.code in _GONE:  # nobody has begun to pay it there: it may still be begun
            return Started(captured=False)
        if not answer.good:
            raise WechatUnclear(f"WeChat has answered {answer.status} {answer.code}")
        return started_of(answer.body, charge.payment_id)


def _asked(charge: Charge, at: Desk) -> dict[str, Any]:
    """What is the same for every way to pay."""
    return {
        "description": charge.order_number,
        "out_trade_no": charge.payment_id.hex,
        "amount": {"total": charge.amount.minor, "currency": charge.amount.currency},
        "notify_url": at.notify_url,
    }


def _of(open_id: object) -> dict[str, Any]:
    return {"payer": {"openid": open_id}}


def _scene(charge: Charge) -> dict[str, Any]:
    return {"store_info": {"id": charge.store_id.hex}} if charge.store_id is not None else {}


def _to_go_on(at: Desk, client: Any, answer: Answer) -> Mapping[str, object]:
    """What wx.requestPayment is called with."""
    moment, nonce = str(int(clock.now().timestamp())), new_id().hex
    package = f"prepay_id={answer.body['prepay_id']}"
    signed = client.sign([at.merchant.app_id, moment, nonce, package])
    return {
        "appId": at.merchant.app_id,
        "timeStamp": moment,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": signed,
    }


def _refunded(answer: Answer) -> Refunded:
    if not answer.good:
        raise WechatUnclear(f"WeChat pays nothing back just now: {answer.status} {answer.code}")
    return refunded_of(answer.body)


def _short(reason: str) -> str:
    """What WeChat shows of it: eighty bytes."""
    return reason.encode()[:80].decode(errors="ignore")
