"""What the simulator tells merchants, and how it goes on telling until somebody has heard."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import structlog

from core import clock
from hexmart.simulators.wechat_pay.signing import Signer, encrypted
from hexmart.simulators.wechat_pay.state import Merchant, Refund, Trade, Wechat

RETRIES = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)  #: seconds
log = structlog.get_logger("simulator")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: to whom, and what; signed anew each time."""

    url: str
    merchant: Merchant
    event_type: str
    resource: Mapping[str, Any]
    id: str

    def body(self) -> bytes:
        """What is sent, encrypted for the merchant."""
        kind = "refund" if self.event_type.startswith("REFUND") else "transaction"
        return orjson.dumps(
            {
                "id": self.id,
                "create_time": clock.unmoved().isoformat(timespec="seconds"),
                "resource_type": "encrypt-resource",
                "event_type": self.event_type,
                "summary": "simulated",
                "resource": encrypted(self.merchant.api_key, orjson.dumps(self.resource), kind),
            }
        )


def of_trade(trade: Trade, **other: Any) -> Notice:
    """That a trade was paid, or something else in its place."""
    return Notice(trade.notify_url, trade.merchant, "TRANSACTION.SUCCESS", trade.told() | other, _new_id())


def of_refund(refund: Refund, **other: Any) -> Notice:
    """What became of a refund."""
    merchant, told = refund.trade.merchant, refund.told() | {"mchid": refund.trade.merchant.mchid}
    told["refund_status"] = told.pop("status")
    return Notice(refund.notify_url, merchant, f"REFUND.{refund.status}", told | other, _new_id())


async def send(http: httpx.AsyncClient, signer: Signer, notice: Notice) -> httpx.Response:
    """Tell it once."""
    body = notice.body()
    headers = {"Content-Type": "application/json", **signer.headers(body)}
    return await http.post(notice.url, content=body, headers=headers)


class Teller:
    """Tells in the background, again and again, as WeChat does."""

    def __init__(self, wechat: Wechat, connect: Callable[[], httpx.AsyncClient], haste: float = 1.0) -> None:
        self._wechat = wechat
        self._connect = connect
        self._haste = haste  #: how many times as fast as WeChat
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, notice: Notice) -> None:
        """Begin to tell; whoever does not listen is told again later."""
        for _ in range(0 if self._wechat.mood.silent or not notice.url else self._wechat.mood.repeats):
            task = asyncio.create_task(self._tell(notice))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop telling."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, notice: Notice) -> None:
        async with self._connect() as http:
            for wait in (0, *RETRIES):
                await asyncio.sleep(wait / self._haste)
                try:
                    answer = await send(http, self._wechat.signer, notice)
                except httpx.HTTPError as error:
                    log.warning("nobody has heard", url=notice.url, error=type(error).__name__)
                    continue
                if answer.is_success:
                    return


def _new_id() -> str:
    return f"EV-{secrets.token_hex(14)}"
