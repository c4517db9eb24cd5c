"""`hexmart simulate delivery`: those who deliver, on this machine; their couriers ride while one looks."""

import asyncio
from typing import Annotated

import typer
import uvicorn

from core.deliveries import to_chinese_map
from core.stores import GeoPoint
from hexmart.simulators.dada import DadaSimulator
from hexmart.terminal import console, one_sentence

delivery_app = typer.Typer(no_args_is_help=True, help="Those who deliver, on this machine.")


@delivery_app.callback()
def delivery() -> None:
    """They listen on 127.0.0.1 alone, and forget everything when they end."""


@delivery_app.command("dada")
def dada(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 9710,
    latitude: Annotated[float, typer.Option(help="Where its shop is.")] = 31.2304,
    longitude: Annotated[float, typer.Option(help="Where its shop is.")] = 121.4737,
    haste: Annotated[float, typer.Option(min=1, help="How many times as fast as people couriers are.")] = 10,
) -> None:
    """Dada with one merchant: app_key `demo`, app_secret `demo`, source_id `73753`, any shop."""
    shop = to_chinese_map(GeoPoint(latitude, longitude))
    simulator = DadaSimulator("demo", "demo", "73753", {"demo": shop})
    console.print(f"Dada listens at http://127.0.0.1:{port}: set it as the plugin's host.", highlight=False)
    with one_sentence():
        asyncio.run(_serve(simulator, port, haste))


async def _serve(simulator: DadaSimulator, port: int, haste: float) -> None:
    config = uvicorn.Config(simulator.application, host="127.0.0.1", port=port, log_level="info", lifespan="off")
    riding = asyncio.create_task(_ride(simulator, haste))
    try:
        await uvicorn.Server(config).serve()
    finally:
        riding.cancel()


async def _ride(simulator: DadaSimulator, haste: float) -> None:
    """A step of every courier's for each minute of theirs."""
    while True:
        await asyncio.sleep(60 / haste)
        await simulator.ride(1)
