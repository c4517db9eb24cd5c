"""`hexmart simulate delivery`: those who deliver, on this machine; their couriers ride while one looks."""

import asyncio
from typing import Annotated

import typer
import uvicorn

from core.deliveries import to_chinese_map
from core.stores import GeoPoint
from hexmart.simulators.couriers import Carrier, Dada, Fengniao, Sf
from hexmart.terminal import console, one_sentence

delivery_app = typer.Typer(no_args_is_help=True, help="Those who deliver, on this machine.")

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")]
Latitude = Annotated[float, typer.Option(help="Where its shop is.")]
Longitude = Annotated[float, typer.Option(help="Where its shop is.")]
Haste = Annotated[float, typer.Option(min=1, help="How many times as fast as people couriers are.")]
Callback = Annotated[str | None, typer.Option(help="Where it tells what happens: `hexmart plugin callback` says it.")]


@delivery_app.callback()
def delivery() -> None:
    """They listen on 127.0.0.1 alone, and forget everything when they end."""


@delivery_app.command("dada")
def dada(port: Port = 9710, latitude: Latitude = 31.2304, longitude: Longitude = 121.4737, haste: Haste = 10) -> None:
    """Dada with one merchant: app_key `demo`, app_secret `demo`, source_id `73753`, any shop."""
    _run(Dada("demo", "demo", "73753", _shop(latitude, longitude)), "Dada", port, haste)


@delivery_app.command("fengniao")
def fengniao(
    port: Port = 9711,
    latitude: Latitude = 31.2304,
    longitude: Longitude = 121.4737,
    haste: Haste = 10,
    callback: Callback = None,
) -> None:
    """Fengniao with one merchant: app_id `demo`, app_secret `demo`, merchant_id `88001`, access_token `demo`."""
    simulator = Fengniao("demo", "demo", "88001", "demo", _shop(latitude, longitude))
    simulator.callback = callback
    _run(simulator, "Fengniao", port, haste)


@delivery_app.command("sf")
def sf(
    port: Port = 9712,
    latitude: Latitude = 31.2304,
    longitude: Longitude = 121.4737,
    haste: Haste = 10,
    callback: Callback = None,
) -> None:
    """SF Tongcheng with one developer: dev_id `1001`, dev_key `demo`, any shop."""
    simulator = Sf(1001, "demo", _shop(latitude, longitude))
    simulator.callback = callback
    _run(simulator, "SF Tongcheng", port, haste)


def _shop(latitude: float, longitude: float) -> dict[str, GeoPoint]:
    return {"demo": to_chinese_map(GeoPoint(latitude, longitude))}


def _run(simulator: Carrier, name: str, port: int, haste: float) -> None:
    console.print(f"{name} listens at http://127.0.0.1:{port}: set it as the plugin's host.", highlight=False)
    with one_sentence():
        asyncio.run(_serve(simulator, port, haste))


async def _serve(simulator: Carrier, port: int, haste: float) -> None:
    config = uvicorn.Config(simulator.application, host="127.0.0.1", port=port, log_level="info", lifespan="off")
    riding = asyncio.create_task(_ride(simulator, haste))
    try:
        await uvicorn.Server(config).serve()
    finally:
        riding.cancel()


async def _ride(simulator: Carrier, haste: float) -> None:
    """A step of every courier's for each minute of theirs."""
    while True:
        await asyncio.sleep(60 / haste)
        await simulator.ride(1)
