"""One merchant's way to WeChat: the library signs what is asked and verifies what is answered.

Its asynchronous client, in the mode of public keys, asks nobody while it is made. It is given no logger, since it would
write down keys and whole answers. It has no setting for where WeChat is, so a simulator's address is put into its core.
It answers by a status and a text, and raises where a signature is wrong.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import orjson
from wechatpayv3.async_ import AsyncWeChatPay
from wechatpayv3.async_.type import WeChatPayType  # the synchronous client has one of the same name, which is another

from core import callbacks
from core.work import Work, Works
from plugins.wechat_pay.merchants import NAME, NOTIFY, Keys, Merchant, PublicKey, WechatPaySettings, gateway_of

_PATIENCE = httpx.Timeout(10.0, connect=3.0)  # seconds; core gives up after fifteen


class WechatUnclear(RuntimeError):
    """WeChat has answered with what says neither yes nor no."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What WeChat has answered, verified where it is a yes."""

    status: int
    body: Mapping[str, Any]

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """Why it is a no."""
        return str(self.body.get("code", ""))

    def require_clear(self) -> None:
        """Raise where nobody can tell what has become of it: it is asked again."""
        if not self.good and (self.status >= 500 or self.status in (401, 429) or not self.code):
            raise WechatUnclear(f"WeChat has answered {self.status} {self.code}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What it takes to speak to WeChat for a merchant, taken out of the transaction that read it."""

    merchant: Merchant
    keys: Keys = field(repr=False)
    gateway: str
    notify_url: str

    async def client(self, key: PublicKey | None = None) -> Any:
        """The library's client, which verifies by one of WeChat's keys; it is made in a thread, and remembered."""
        key = key or self.merchant.public_keys[0]
        own = (self.keys.private_key.get_secret_value(), self.keys.api_key.get_secret_value())
        one = (self.merchant.mchid, self.merchant.app_id, self.merchant.serial)
        return await asyncio.to_thread(_made, one, own, (key.id, key.pem), self.gateway)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        """The client with a connection of its own."""
        client = copy(await self.client())
        client._core = copy(client._core)
        # what the library would open reads the certificates of all the world's authorities, each time
        async with httpx.AsyncClient(timeout=_PATIENCE, verify=_trusted()) as http:
            client._core._client = http
            yield client


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@lru_cache(maxsize=256)
def _made(one: tuple[str, str, str], own: tuple[str, str], theirs: tuple[str, str], gateway: str) -> Any:
    """A client without a connection; loading its key takes a tenth of a second."""
    (mchid, app_id, serial), (private_key, api_key), (key_id, public_key) = one, own, theirs
    made = AsyncWeChatPay(
        wechatpay_type=WeChatPayType.JSAPI,
        mchid=mchid,
        private_key=private_key,
        cert_serial_no=serial,
        appid=app_id,
        apiv3_key=api_key,
        public_key=public_key,
        public_key_id=key_id,
    )
    made._core._gate_way = gateway
    return made


async def desk(works: Works, account: str | None) -> Desk:
    """The merchant that a payment was begun with; its address for callbacks is made when it is first needed."""
    async with works() as work:
        found = desk_in(work, account)
        address = await callbacks.endpoint(work, NAME, NOTIFY, subject=found.merchant.account)
        return Desk(found.merchant, found.keys, found.gateway, callbacks.url(work, NAME, address))


def desk_in(work: Work, account: str | None) -> Desk:
    """The same without an address, for what is heard."""
    settings = work.settings(WechatPaySettings)
    merchant = settings.by_account(account)
    if merchant is None:
        raise LookupError(f"the merchant {account} is not among the settings of wechat_pay any more")
    return Desk(merchant, settings.secrets()[merchant.mchid], gateway_of(work), "")


def read(answered: tuple[int, Any]) -> Answer:
    """What the library gives back, as an object; WeChat answers some requests by no words at all."""
    status, text = answered
    try:
        body = orjson.loads(text) if text else {}
    except orjson.JSONDecodeError:
        body = {}
    return Answer(status, body if isinstance(body, dict) else {})
