"""What the simulator knows: merchants, trades and refunds, and how it is disposed."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from hexmart.simulators.wechat_pay.signing import Signer, new_number, new_signer


class Refused(Exception):
    """A request that is not carried out."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message or code


@dataclass(frozen=True, slots=True)
class Merchant:
    mchid: str
    app_id: str
    serial: str
    public_key: RSAPublicKey
    api_key: str


@dataclass(slots=True)
class Trade:
    """An order at WeChat."""

    merchant: Merchant
    number: str  #: the merchant's
    total: int
    currency: str
    trade_type: str  #: JSAPI or MICROPAY
    notify_url: str = ""
    state: str = "NOTPAY"
    transaction_id: str | None = None
    prepay_id: str = field(default_factory=lambda: f"wx{secrets.token_hex(16)}")

    def told(self) -> dict[str, Any]:
        """As it is shown to the merchant."""
        shown: dict[str, Any] = {
            "appid": self.merchant.app_id,
            "mchid": self.merchant.mchid,
            "out_trade_no": self.number,
            "trade_type": self.trade_type,
            "trade_state": self.state,
            "trade_state_desc": self.state,
            "amount": {"total": self.total, "currency": self.currency},
        }
        if self.transaction_id is not None:
            shown |= {"transaction_id": self.transaction_id, "payer": {"openid": "simulated"}}
            shown["amount"] |= {"payer_total": self.total, "payer_currency": self.currency}
        return shown

    def pay(self) -> None:
        """The shopper pays."""
        if self.state not in ("NOTPAY", "USERPAYING"):
            raise Refused(400, "ORDER_CLOSED" if self.state in ("CLOSED", "REVOKED") else "ORDERPAID")
        self.state, self.transaction_id = "SUCCESS", new_number()


@dataclass(slots=True)
class Refund:
    """Money on its way back."""

    trade: Trade
    number: str
    amount: int
    notify_url: str
    status: str = "SUCCESS"
    refund_id: str = field(default_factory=new_number)

    def told(self) -> dict[str, Any]:
        """As it is shown to the merchant."""
        return {
            "refund_id": self.refund_id,
            "out_refund_no": self.number,
            "transaction_id": self.trade.transaction_id,
            "out_trade_no": self.trade.number,
            "status": self.status,
            "amount": {"refund": self.amount, "total": self.trade.total, "currency": self.trade.currency},
        }


@dataclass(slots=True)
class Mood:
    """How it misbehaves."""

    slow: float = 0.0  #: seconds that every answer takes
    down: bool = False  #: 500 to whatever is asked
    garbage: bool = False  #: answers are no JSON
    unsigned: bool = False  #: answers are signed by nobody that is known
    silent: bool = False  #: tells of nothing
    repeats: int = 1  #: how often it tells of each thing
    refunds_take_time: bool = False  #: are PROCESSING at first
    codes_take_time: bool = False  #: a shopper has to put in a password for a code at the counter


class Wechat:
    """All of it; one of them for a process or a test."""

    def __init__(self) -> None:
        self.signer: Signer = new_signer()
        self.merchants: dict[str, Merchant] = {}
        self.trades: dict[tuple[str, str], Trade] = {}  #: by merchant and the merchant's number
        self.refunds: dict[tuple[str, str], Refund] = {}
        self.nonces: set[str] = set()
        self.mood = Mood()
        self.asked: list[str] = []  #: requests, in order

    def trade(self, mchid: str, number_: str) -> Trade:
        """A merchant's trade."""
        found = self.trades.get((mchid, number_))
        if found is None:
            raise Refused(404, "ORDER_NOT_EXIST")
        return found

    def by_number(self, number_: str) -> Trade:
        """A trade of whichever merchant."""
        found = next((trade for (_, known), trade in self.trades.items() if known == number_), None)
        if found is None:
            raise Refused(404, "ORDER_NOT_EXIST")
        return found

    def rotate(self) -> Signer:
        """Sign by another key from now on; returns the one before."""
        before, self.signer = self.signer, new_signer()
        return before
