"""What a merchant can ask for."""

from collections.abc import Mapping
from typing import Any

from hexmart.simulators.wechat_pay.state import Merchant, Refund, Refused, Trade, Wechat

Body = Mapping[str, Any]
Told = dict[str, Any] | None


def begin(wechat: Wechat, merchant: Merchant, body: Body) -> Told:
    """A trade that waits for the shopper's mini-program."""
    trade = _trade(wechat, merchant, body, "JSAPI")
    if not body.get("payer", {}).get("openid"):
        raise Refused(400, "PARAM_ERROR", "payer.openid is missing")
    _require_open(trade)
    return {"prepay_id": trade.prepay_id}


def take_by_code(wechat: Wechat, merchant: Merchant, body: Body) -> Told:
    """A trade that is paid by the code a till has scanned."""
    code = body.get("payer", {}).get("auth_code", "")
    if not (code.isdigit() and len(code) == 18 and code[:2] in {"10", "11", "12", "13", "14", "15"}):
        raise Refused(400, "AUTH_CODE_INVALID", "this is no code of a shopper's")
    if code.endswith("0000"):
        raise Refused(403, "NOT_ENOUGH", "the shopper has not enough money")
    trade = _trade(wechat, merchant, body, "MICROPAY")
    if trade.state == "NOTPAY":
        if wechat.mood.codes_take_time:
            trade.state = "USERPAYING"
        else:
            trade.pay()
    if trade.state == "USERPAYING":
        raise Refused(400, "USERPAYING", "the shopper puts in a password")
    return trade.told()


def look(wechat: Wechat, merchant: Merchant, number: str) -> Told:
    """How a trade stands."""
    return wechat.trade(merchant.mchid, number).told()


def close(wechat: Wechat, merchant: Merchant, number: str) -> Told:
    """Take no more money for a trade."""
    trade = wechat.trade(merchant.mchid, number)
    if trade.state in ("SUCCESS", "REFUND"):
        raise Refused(400, "ORDERPAID")
    trade.state = "CLOSED"
    return None


def reverse(wechat: Wechat, merchant: Merchant, number: str) -> Told:
    """Call a trade at the counter off, paid or not."""
    trade = wechat.trade(merchant.mchid, number)
    if trade.trade_type != "MICROPAY":
        raise Refused(400, "INVALID_REQUEST", "this was no trade at a counter")
    trade.state = "REVOKED"
    return {"appid": merchant.app_id, "mchid": merchant.mchid, "out_trade_no": number}


def pay_back(wechat: Wechat, merchant: Merchant, body: Body) -> Told:
    """Send money back; the same number again is the same refund."""
    trade, number, amount = wechat.trade(merchant.mchid, body["out_trade_no"]), body["out_refund_no"], body["amount"]
    known = wechat.refunds.get((merchant.mchid, number))
    if known is not None:
        if known.amount != amount["refund"] or known.trade is not trade:
            raise Refused(400, "INVALID_REQUEST", "this number is another refund's")
        return known.told()
    back = sum(one.amount for one in wechat.refunds.values() if one.trade is trade)
    if trade.state not in ("SUCCESS", "REFUND") or amount["total"] != trade.total:
        raise Refused(400, "INVALID_REQUEST", "this was not paid, or not so much")
    if back + amount["refund"] > trade.total:
        raise Refused(403, "NOT_ENOUGH", "more than was paid")
    refund = Refund(trade, number, amount["refund"], body.get("notify_url", ""))
    refund.status = "PROCESSING" if wechat.mood.refunds_take_time else "SUCCESS"
    trade.state = "REFUND"
    wechat.refunds[merchant.mchid, number] = refund
    return refund.told()


def look_at_refund(wechat: Wechat, merchant: Merchant, number: str) -> Told:
    """How a refund stands."""
    refund = wechat.refunds.get((merchant.mchid, number))
    if refund is None:
        raise Refused(404, "RESOURCE_NOT_EXISTS")
    return refund.told()


def _trade(wechat: Wechat, merchant: Merchant, body: Body, kind: str) -> Trade:
    """The trade that a number stands for, made where it is new."""
    if body.get("mchid") != merchant.mchid or body.get("appid") != merchant.app_id:
        raise Refused(400, "APPID_MCHID_NOT_MATCH")
    number, amount = str(body.get("out_trade_no", "")), body.get("amount", {})
    if not 6 <= len(number) <= 32 or not isinstance(amount.get("total"), int) or amount["total"] < 1:
        raise Refused(400, "PARAM_ERROR", "out_trade_no or amount is wrong")
    known = wechat.trades.get((merchant.mchid, number))
    if known is None:
        known = Trade(
            merchant, number, amount["total"], amount.get("currency", "CNY"), kind, body.get("notify_url", "")
        )
        wechat.trades[merchant.mchid, number] = known
    elif (known.total, known.trade_type) != (amount["total"], kind):
        raise Refused(403, "OUT_TRADE_NO_USED")
    return known


def _require_open(trade: Trade) -> None:
    if trade.state in ("SUCCESS", "REFUND"):
        raise Refused(400, "ORDERPAID")
    if trade.state != "NOTPAY":
        raise Refused(400, "ORDER_CLOSED")
