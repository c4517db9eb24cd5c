"""Asking SF Tongcheng: a signed request, and its answer or its refusal."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

from core import clock, deliveries
from core.deliveries import Declined, Site, Unfit
from plugins.delivery_sf.settings import DeliverySfSettings
from plugins.delivery_sf.wire import HOSTS, sign


async def ask(site: Site, method: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a method gives; raises Declined, Unfit without keys, or whatever comes of a provider that is away."""
    said = site.settings(DeliverySfSettings)
    if not (said.dev_id and said.dev_key):
        raise Unfit("The plugin's settings lack dev_id or dev_key.")
    request = orjson.dumps({"dev_id": said.dev_id, "push_time": int(clock.now().timestamp()), **body})
    signed = quote(sign(request, said.dev_id, said.dev_key.get_secret_value()), safe="")
    host = HOSTS.get(said.host, said.host)
    url = f"{host}/open/api/external/{method}?sign={signed}"
    answer = await deliveries.ask(url, request, loopback=site.loopback)
    if answer.get("error_code") != 0:
        raise Declined(int(answer.get("error_code") or -1), str(answer.get("error_msg") or ""))
    result = answer.get("result")
    return result if isinstance(result, dict) else {}
