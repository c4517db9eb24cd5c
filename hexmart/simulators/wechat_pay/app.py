"""The simulator over HTTP: the merchants' API at /v3, and what a shopper does at /shopper."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response

from hexmart.simulators.wechat_pay import desks
from hexmart.simulators.wechat_pay.notifying import Teller, of_refund, of_trade
from hexmart.simulators.wechat_pay.signing import is_signed, new_signer, now, parts_of
from hexmart.simulators.wechat_pay.state import Merchant, Refused, Wechat

FRESH = 300  #: seconds that a signature is good for
Ask = Callable[[Merchant, dict[str, Any], str], desks.Told]


class Counter:
    """Lets merchants in by their signatures, and signs what they are answered."""

    def __init__(self, wechat: Wechat, teller: Teller) -> None:
        self._wechat = wechat
        self._teller = teller

    async def __call__(self, request: Request, ask: Ask) -> Response:
        """Answer one request."""
        mood, raw = self._wechat.mood, await request.body()
        self._wechat.asked.append(f"{request.method} {request.url.path}")
        if mood.slow:
            await asyncio.sleep(mood.slow)
        if mood.down:
            return Response(b'{"code":"SYSTEM_ERROR","message":"down"}', 500, media_type="application/json")
        try:
            merchant = self._merchant(request, raw)
            told = ask(merchant, orjson.loads(raw) if raw else {}, request.path_params.get("number", ""))
        except Refused as no:
            return self._signed(no.status, {"code": no.code, "message": no.message})
        self._tell_of(merchant, request, told)
        return self._signed(204 if told is None else 200, told)

    def _merchant(self, request: Request, raw: bytes) -> Merchant:
        """Whose request it is; raises Refused where nobody has signed it."""
        said = parts_of(request.headers.get("authorization", ""))
        merchant = self._wechat.merchants.get(said.get("mchid", ""))
        if merchant is None or said.get("serial_no") != merchant.serial:
            raise Refused(401, "SIGN_ERROR", "no such merchant or certificate")
        moment, nonce = said.get("timestamp", ""), said.get("nonce_str", "")
        if not moment.isdigit() or abs(now() - int(moment)) > FRESH or not nonce or nonce in self._wechat.nonces:
            raise Refused(401, "SIGN_ERROR", "too old, or sent twice")
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        message = f"{request.method}\n{path}\n{moment}\n{nonce}\n".encode() + raw + b"\n"
        if not is_signed(merchant.public_key, message, said.get("signature", "")):
            raise Refused(401, "SIGN_ERROR", "the signature is wrong")
        self._wechat.nonces.add(nonce)
        return merchant

    def _signed(self, status: int, told: desks.Told) -> Response:
        body = b"" if told is None else orjson.dumps(told)
        if self._wechat.mood.garbage:
            body = b"<html>It works!</html>"
        signer = new_signer() if self._wechat.mood.unsigned else self._wechat.signer
        headers = signer.headers(body) | {"Request-ID": secrets.token_hex(8)}
        return Response(body, status, headers=headers, media_type="application/json")

    def _tell_of(self, merchant: Merchant, request: Request, told: desks.Told) -> None:
        """A refund that is through is told of; a code at the counter is answered at once."""
        if told is not None and request.method == "POST" and request.url.path.endswith("/refunds"):
            refund = self._wechat.refunds[merchant.mchid, told["out_refund_no"]]
            if refund.status != "PROCESSING":
                self._teller.tell(of_refund(refund))


def create_app(wechat: Wechat, teller: Teller) -> FastAPI:
    """The application over one state."""
    app, counter = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), Counter(wechat, teller)
    for method, path, ask in _requests(wechat, "/v3/pay/transactions/out-trade-no/{number}"):
        app.add_api_route(path, _answering(counter, ask), methods=[method], response_model=None)
    shopper = Shopper(wechat, teller)
    app.add_api_route("/shopper/pay/{number}", shopper.pay, methods=["POST"])
    app.add_api_route("/shopper/refunds/{number}/{status}", shopper.settle, methods=["POST"])
    app.add_api_route("/shopper/mood", shopper.behave, methods=["POST"])
    app.add_api_route("/shopper/trades", shopper.trades, methods=["GET"])
    return app


class Shopper:
    """What the other side does: shoppers, banks, and whoever wants to see WeChat misbehave."""

    def __init__(self, wechat: Wechat, teller: Teller) -> None:
        self._wechat = wechat
        self._teller = teller

    async def pay(self, number: str) -> Response:
        """The shopper pays."""
        try:
            found = self._wechat.by_number(number)
            found.pay()
        except Refused as no:
            return Response(f"{no.code}\n", no.status, media_type="text/plain")
        self._teller.tell(of_trade(found))
        return Response(f"paid: {found.transaction_id}\n", media_type="text/plain")

    async def settle(self, number: str, status: str = "SUCCESS") -> Response:
        """A refund that took its time is through."""
        for refund in [one for (_, known), one in self._wechat.refunds.items() if known == number]:
            refund.status = status
            self._teller.tell(of_refund(refund))
        return Response(f"{status}\n", media_type="text/plain")

    async def behave(self, request: Request) -> Response:
        """Change its mood: a JSON object of what Mood has."""
        for name, value in orjson.loads(await request.body()).items():
            setattr(self._wechat.mood, name, type(getattr(self._wechat.mood, name))(value))
        return Response(f"{self._wechat.mood}\n", media_type="text/plain")

    async def trades(self) -> list[dict[str, Any]]:
        """Everything that was begun."""
        return [one.told() for one in self._wechat.trades.values()]


def _requests(wechat: Wechat, trade: str) -> list[tuple[str, str, Ask]]:
    def by_body(ask: Callable[[Wechat, Merchant, desks.Body], desks.Told]) -> Ask:
        return lambda merchant, body, _: ask(wechat, merchant, body)

    def by_number(ask: Callable[[Wechat, Merchant, str], desks.Told]) -> Ask:
        return lambda merchant, _, number: ask(wechat, merchant, number)

    return [
        ("POST", "/v3/pay/transactions/jsapi", by_body(desks.begin)),
        ("POST", "/v3/pay/transactions/codepay", by_body(desks.take_by_code)),
        ("GET", trade, by_number(desks.look)),
        ("POST", f"{trade}/close", by_number(desks.close)),
        ("POST", f"{trade}/reverse", by_number(desks.reverse)),
        ("POST", "/v3/refund/domestic/refunds", by_body(desks.pay_back)),
        ("GET", "/v3/refund/domestic/refunds/{number}", by_number(desks.look_at_refund)),
    ]


def _answering(counter: Counter, ask: Ask) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await counter(request, ask)

    return answer
