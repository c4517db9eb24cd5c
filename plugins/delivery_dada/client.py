"""Asking Dada: a signed request, and its answer or its refusal."""

from collections.abc import Mapping
from typing import Any

from core import clock, deliveries
from core.deliveries import Declined, Site, Unexpected
from plugins.delivery_dada.settings import DeliveryDadaSettings
from plugins.delivery_dada.wire import HOSTS, envelope


async def ask(site: Site, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """The result of a call; raises Declined, or whatever comes of a provider that is away."""
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
    answer = await deliveries.ask(f"{host}{path}", request, loopback=site.loopback)
    if answer.get("code") != 0 or answer.get("status") != "success":
        raise Declined(int(answer.get("code") or -1), str(answer.get("msg") or ""))
    return answer.get("result")
