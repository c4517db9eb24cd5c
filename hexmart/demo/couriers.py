"""Couriers of the demo: a Dada beside it carries for its brands, and its couriers ride by the demo's clock."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from core.actors import system
from core.deliveries import to_chinese_map
from core.stores import GeoPoint
from hexmart.demo import profiles
from hexmart.simulators.couriers import Dada
from plugins.delivery_dada.settings import DeliveryDadaSettings
from tenants import Platform, Tenant, TenantUnknown
from tenants.plugins import enable

PORT = 9710  #: any other where that is taken
PLUGIN = "delivery_dada"
BEAT = 1.0  #: seconds between two looks at the clock
KEYS = {"app_key": "demo", "app_secret": "demo", "source_id": "73753"}
STORES = "SELECT code, latitude, longitude FROM store WHERE tenant_id = $1 ORDER BY code"
NOWHERE = {"nobody": GeoPoint(31.2304, 121.4737)}  #: until brands have stores


@dataclass(frozen=True, slots=True)
class Couriers:
    """Who carries, and where they are asked."""

    dada: Dada
    url: str

    async def enlist(self, platform: Platform) -> None:
        """Have them carry for every brand of the demo's, from wherever its stores are."""
        for slug in profiles.slugs():
            try:
                tenant = await platform.registry.by_slug(slug)
            except TenantUnknown:
                continue
            shops = await _shops(platform, tenant)
            self.dada.shops.update(shops)
            if not self._known(tenant, shops):
                await enable(platform, tenant, system("demo"), PLUGIN, self._told(shops))

    def _known(self, tenant: Tenant, shops: Mapping[str, GeoPoint]) -> bool:
        """Whether the brand goes by just that already."""
        said = tenant.settings.get(DeliveryDadaSettings)
        wanted = DeliveryDadaSettings.model_validate(self._told(shops))
        return PLUGIN in tenant.plugins and said == wanted

    def _told(self, shops: Mapping[str, GeoPoint]) -> dict[str, object]:
        return {**KEYS, "host": self.url, "shops": {code: code for code in shops}}


@contextmanager
def couriers() -> Iterator[Couriers]:
    """They listen and ride as long as the block lasts, in a thread of their own."""
    dada = Dada(KEYS["app_key"], KEYS["app_secret"], KEYS["source_id"], dict(NOWHERE))
    with _listening() as port:
        config = uvicorn.Config(dada.application, lifespan="off", log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=asyncio.run, args=[_serve(dada, server, port)], daemon=True)
        thread.start()
        try:
            yield Couriers(dada, f"http://127.0.0.1:{port.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(5)


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket() as port:
        port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            port.bind(("127.0.0.1", PORT))
        except OSError:
            port.bind(("127.0.0.1", 0))
        port.listen()
        yield port


async def _serve(dada: Dada, server: uvicorn.Server, port: socket.socket) -> None:
    dada.before = dada.catch_up  # whoever asks is told how things stand by now
    riding = asyncio.create_task(_ride(dada))
    try:
        await server.serve([port])
    finally:
        riding.cancel()


async def _ride(dada: Dada) -> None:
    while True:
        await asyncio.sleep(BEAT)
        await dada.catch_up()


async def _shops(platform: Platform, tenant: Tenant) -> dict[str, GeoPoint]:
    """Where the brand's stores are, on Chinese maps."""
    async with platform.open_work(tenant, system("demo"), read_only=True) as work:
        rows = await work.fetch(STORES)
    return {row["code"]: to_chinese_map(GeoPoint(row["latitude"], row["longitude"])) for row in rows}
