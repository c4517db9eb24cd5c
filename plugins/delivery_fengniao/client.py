"""Asking Fengniao: a signed request in the name of the merchant, and its answer or its refusal."""

from collections.abc import Mapping
from typing import Any

from core import clock, deliveries
from core.deliveries import Declined, Site, Unfit
from plugins.delivery_fengniao.settings import DeliveryFengniaoSettings
from plugins.delivery_fengniao.wire import HOSTS, envelope

SUCCESS = "200"


async def ask(site: Site, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a method gives; raises Declined, Unfit without keys, or whatever comes of a provider that is away."""
    said = site.settings(DeliveryFengniaoSettings)
    if not (said.app_id and said.merchant_id and said.app_secret and said.access_token):
        raise Unfit("The plugin's settings lack app_id, app_secret, merchant_id or access_token.")
    request = envelope(
        body,
        app_id=said.app_id,
        secret=said.app_secret.get_secret_value(),
        merchant_id=said.merchant_id,
        access_token=said.access_token.get_secret_value(),
        timestamp=int(clock.now().timestamp() * 1000),
    )
    host = HOSTS.get(said.host, said.host)
    answer = await deliveries.ask(f"{host}/v3/invoke/{method}", request, loopback=site.loopback)
    if str(answer.get("code")) != SUCCESS:
        raise Declined(str(answer.get("code") or ""), str(answer.get("msg") or ""))
    return deliveries.object_of(str(answer.get("business_data") or "")) or {}
