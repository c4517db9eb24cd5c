"""Asking Dada: a signed request, and its answer or its refusal."""

from collections.abc import Mapping
from typing import Any

import orjson

from core import clock, deliveries
from core.deliveries import Site, Unexpected
from plugins.delivery_dada.settings import DeliveryDadaSettings
from plugins.delivery_dada.wire import HOSTS, envelope


class DadaRefuses(Exception):
    """It has understood and will not, and says why."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(f"{message} ({code})")


async def ask(site: Site, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """The result of a call; raises DadaRefuses, or whatever comes of a provider that is away."""
    said = site.settings(DeliveryDadaSettings)
    if said.app_secret is None:
        raise Unexpected("nobody has set the app's secret")
    request = envelope(
        body,
        app_key=said.app_key,
        secret=said.app_secret.get_secret_value(),
        source_id=said.source_id,
        timestamp=int(clock.now().timestamp()),
    )
    host = HOSTS.get(said.host, said.host)
    answer = _read(await deliveries.post(f"{host}{path}", request, loopback=site.loopback))
    if answer.get("code") != 0 or answer.get("status") != "success":
        raise DadaRefuses(int(answer.get("code") or -1), str(answer.get("msg") or "it does not say why")[:200])
    return answer.get("result")


def _read(raw: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Unexpected("it answers with what is no JSON") from error
    if not isinstance(answer, dict):
        raise Unexpected("it answers with what is no object")
    return answer
